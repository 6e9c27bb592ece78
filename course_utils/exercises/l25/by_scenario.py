"""Task 25.3: predicted over actual by scenario, with a verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l25.by_scenario_slips import MISTAKES, By, Found, right_calibration
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten


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
