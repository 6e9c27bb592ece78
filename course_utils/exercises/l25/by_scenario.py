"""Task 25.3: predicted over actual by scenario, with a verdict."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Found = dict[str, tuple[float | None, str]]


def _log(seed: int, n: int, names: str, factor: float) -> Case:
    draw = np.random.default_rng(seed)
    scenario = draw.choice(list(names), size=n)
    p = draw.uniform(0.05, 0.6, size=n).round(2)
    y = (draw.random(n) < p * factor).astype(int)
    return scenario.tolist(), y.tolist(), p.tolist()


CASES: list[Case] = [
    (["a"] * 4, [0, 0, 0, 1], [0.5] * 4),
    (["a"] * 16, [0, 0, 0, 1] * 4, [0.5] * 16),
    (["home", "cart", "home", "cart", "home"], [1, 1, 0, 1, 1], [0.2, 0.1, 0.3, 0.2, 0.1]),
    _log(1, 30, "hsc", 1.0),
    _log(2, 40, "hs", 0.4),
    _log(3, 40, "hs", 1.6),
    # No purchase: no ratio, and twice not the same verdict.
    (["x"] * 3 + ["y"] * 9, [0] * 12, [0.1] * 3 + [0.5] * 9),
    # Too high in one, too low in the other, right together.
    (["a"] * 10 + ["b"] * 10, [0] * 9 + [1] + [1] * 9 + [0], [0.5] * 20),
    # z = 1.9: past 1.645, before 1.96; and z = 2.0.
    (["u"] * 361 + ["v"] * 400, [1] * 162 + [0] * 199 + [1] * 180 + [0] * 220, [0.5] * 761),
    # Sure of nearly every row: the variance is far below that of the mean p.
    (["w"] * 40, [0] * 20 + [1] * 18 + [0] * 2, [0.02] * 20 + [0.98] * 20),
    # Names that differ in a capital or a space.
    (["in", "In", "in "] * 2, [0, 1, 1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
    # Few rows, and yet a verdict.
    (["few"] * 2, [1, 1], [0.05, 0.1]),
    # Many small probabilities.
    (["r"] * 60, [1] + [0] * 59, [0.002] * 60),
    ([], [], []),
]

By = Callable[..., Found]


def verdict_of(z: float, bound: float = 1.96) -> str:
    return "too high" if z > bound else "too low" if z < -bound else "not shown"


def each(one: Callable[[np.ndarray, np.ndarray], tuple[float | None, str]]) -> By:
    def by_scenario(scenario: Any, y: Any, p: Any) -> Found:
        table = np.array(scenario), np.array(y, float), np.array(p, float)
        return {
            str(s): one(table[1][table[0] == s], table[2][table[0] == s])
            for s in dict.fromkeys(scenario)
        }

    return by_scenario


def ratio_of(y: np.ndarray, p: np.ndarray) -> float | None:
    return float(p.sum() / y.sum()) if y.any() else None


def z_of(y: np.ndarray, p: np.ndarray) -> float:
    return float((p.sum() - y.sum()) / np.sqrt((p * (1 - p)).sum()))


right_calibration = each(lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p))))
turned = each(lambda y, p: (float(y.sum() / p.sum()) if y.any() else None, verdict_of(z_of(y, p))))
opposite = each(lambda y, p: (ratio_of(y, p), verdict_of(-z_of(y, p))))
no_root = each(lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / (p * (1 - p)).sum())))
by_labels = each(
    lambda y, p: (
        ratio_of(y, p),
        verdict_of((p.sum() - y.sum()) / np.sqrt(max(len(y) * y.mean() * (1 - y.mean()), 1e-12))),
    )
)
by_count = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / np.sqrt(max(y.sum(), 1e-12))))
)
at_the_mean = each(
    lambda y, p: (
        ratio_of(y, p),
        verdict_of((p.sum() - y.sum()) / np.sqrt(len(y) * p.mean() * (1 - p.mean()))),
    )
)
by_predicted = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / np.sqrt(p.sum())))
)
by_squares = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).sum() / np.sqrt(((p - y) ** 2).sum())))
)
mean_gap = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).mean() / np.sqrt((p * (1 - p)).sum())))
)
mean_variance = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).sum() / np.sqrt((p * (1 - p)).mean())))
)
both_means = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).mean() / np.sqrt((p * (1 - p)).mean())))
)
no_sign = each(lambda y, p: (ratio_of(y, p), verdict_of(abs(z_of(y, p)))))
one_sided = each(lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p), 1.645)))
by_ratio = each(
    lambda y, p: (ratio_of(y, p), "not shown" if not y.any() else _named(p.sum() / y.sum()))
)
silent_where_none = each(
    lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p)) if y.any() else "not shown")
)
deviation = each(
    lambda y, p: (ratio_of(y, p), verdict_of(float((p - y).mean() / max(p.std(), 1e-12))))
)


def _named(ratio: float) -> str:
    return "too high" if ratio > 1.1 else "too low" if ratio < 0.9 else "not shown"


def pooled(scenario: Any, y: Any, p: Any) -> Found:
    """Every scenario gets the verdict of all rows."""
    word = verdict_of(z_of(np.array(y), np.array(p))) if y else ""
    return {name: (ratio, word) for name, (ratio, _) in right_calibration(scenario, y, p).items()}


def noise_of_all(scenario: Any, y: Any, p: Any) -> Found:
    """Every scenario's gap is divided by the deviation of all rows."""
    of_all = np.sqrt((np.array(p) * (1 - np.array(p))).sum())
    by_gap = each(lambda y, p: (ratio_of(y, p), verdict_of(float((p - y).sum() / of_all))))
    return by_gap(scenario, y, p)


def last_run(scenario: Any, y: Any, p: Any) -> Found:
    """Of each scenario only the rows that stand together at last."""
    found: Found = {}
    start = 0
    for _, rows in groupby(scenario):
        end = start + len(list(rows))
        found |= right_calibration(scenario[start:end], y[start:end], p[start:end])
        start = end
    return found


MISTAKES: dict[str, By] = {
    "the ratio is actual over predicted": turned,
    "the verdicts are turned round: more predicted than came is too high": opposite,
    "the square root of the variance is missing": no_root,
    "the variance is that of the labels; it is the sum of p (1 - p)": by_labels,
    "the variance is the number of purchases; it is the sum of p (1 - p)": by_count,
    "the variance is the sum of p; a label is 0 or 1, so its variance is p (1 - p)": by_predicted,
    "the squares of p - y are added up; the variance is the sum of p (1 - p)": by_squares,
    "the gap is a mean and the variance a sum; take sums for both": mean_gap,
    "the gap is a sum and the variance a mean; take sums for both": mean_variance,
    "gap and deviation are those of one row: add up p - y, add up p (1 - p), then take one root": (
        both_means
    ),
    "the sign of z is lost: below -1.96 it is too low": no_sign,
    "the variance is that of all rows; add up p (1 - p) in each scenario": noise_of_all,
    "of each scenario only the last rows that stand together count: itertools.groupby needs sorted "
    "rows": last_run,
    "the variance is that of the mean p; add up p (1 - p) row by row": at_the_mean,
    "the bound is 1.645; it is 1.96": one_sided,
    "the verdict follows the ratio alone, without the noise": by_ratio,
    "a scenario without a purchase is never too high; z decides there too": silent_where_none,
    "the gap is divided by the deviation of p, not by that of the number of purchases": deviation,
    "every scenario has the verdict of all rows": pooled,
}


def check_by_scenario(answer: Any) -> None:
    compare(answer, CASES, _flat, _read, _told, MISTAKES_FLAT, _place)


def flat(found: Found) -> dict[str, Any]:
    """One value a key: the ratio, and the verdict as a number."""
    words = ("too low", "not shown", "too high")
    result: dict[str, Any] = {}
    for name, (ratio, word) in found.items():
        result[f"the ratio of {name!r}"] = "None" if ratio is None else float(ratio)
        result[f"the verdict of {name!r}"] = word if word in words else str(word)
    return result


def _flat(*case: Any) -> dict[str, Any]:
    return flat(right_calibration(*case))


def _flattened(gives: By) -> Callable[..., dict[str, Any]]:
    return lambda *case: flat(gives(*case))


MISTAKES_FLAT = {name: _flattened(gives) for name, gives in MISTAKES.items()}


def _told(case: Case) -> str:
    scenario, y, p = case
    return with_lines(scenario=scenario, y=y, p=p) + "the result"


def _place(case: Case, at: tuple[Any, ...]) -> str:
    return f"{_told(case)[: -len('the result')]}{at[0]}"


def _read(got: Any, case: Case) -> dict[str, Any]:
    told, want = _told(case), right_calibration(*case)
    refuse_none(got, told, "a dictionary")
    if not isinstance(got, dict):
        reject(f"{told} must be a dictionary, got {shorten(got)}.")
    if set(got) != set(want):
        reject(f"{told} must have the scenarios {sorted(want)}, got {shorten(list(got))}.")
    found: Found = {}
    for name, pair in got.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            reject(f"{told}: {name!r} must have (ratio, verdict), got {shorten(pair)}.")
        ratio = pair[0]
        if want[name][0] is None and ratio is not None:
            reject(f"{told}: {name!r} has no purchase: its ratio must be None, got {ratio}.")
        if ratio is not None:
            ratio = as_number(ratio, f"{told}: the ratio of {name!r}")
        found[str(name)] = (ratio, str(pair[1]))
    return flat(found)


TASK = Task(
    id="25.3",
    prompt="Return predicted over actual of each scenario, and whether noise explains the gap.",
    check_answer=check_by_scenario,
    hints=(
        "Three sums for each scenario: of p, of y, and of p (1 - p).",
        "z = (sum p - sum y) / sqrt(sum p (1 - p)); the verdict needs no purchase, the ratio does.",
        "for name, one in pd.DataFrame({...}).groupby('scenario'): found[name] = (sum p / sum y or "
        "None, 'too high' if z > 1.96 else 'too low' if z < -1.96 else 'not shown')",
    ),
    insight="A ratio of 1.5 in a small scenario may be noise, and one of 1.03 in a large one not.",
)
