"""Task 70.2: one correction a scenario, shrunk towards that of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

By = dict[str, float]


def _log(seed: int, n: int, names: str, k: float) -> Case:
    draw = np.random.default_rng(seed)
    scenario = draw.choice(list(names), size=n)
    p = draw.uniform(0.02, 0.5, size=n).round(2)
    y = (draw.random(n) < p * 1.3).astype(int)
    return scenario.tolist(), y.tolist(), p.tolist(), k


CASES: list[Case] = [
    (["a", "a", "b", "b"], [1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], 1.0),
    (["a", "a", "b", "b"], [1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], 0.0),
    _log(1, 12, "hsc", 2.0),
    _log(2, 40, "hs", 10.0),
    # Not alike: a mean of the scenarios' own factors is not the factor of all.
    (["home"] * 6 + ["cart"], [1, 0, 0, 0, 0, 0, 1], [0.2] * 6 + [0.1], 3.0),
    # Scenarios mixed; names that differ in a capital or a space.
    (["In", "in", "in ", "In"], [1, 0, 1, 1], [0.3, 0.2, 0.4, 0.1], 0.5),
    (["x"] * 5, [0] * 5, [0.02] * 5, 4.0),
    (["only"], [1], [0.25], 100.0),
    # A large factor is not cut: one purchase where .012 were expected.
    (["rare", "often", "often"], [1, 0, 1], [0.012, 0.4, 0.3], 0.0),
    # Small factors: what is rounded to six decimals is seen.
    (["u"] * 30 + ["v"] * 30, [0] * 29 + [1] + [0] * 30, [0.9] * 60, 7.0),
]


def _by(factor: Callable[..., float]) -> Callable[..., By]:
    """factor(sum of y, sum of p, rows, of the scenario; the same of all; k; scenarios)."""

    def answer(scenario: Any, y: Any, p: Any, k: float) -> By:
        s, y, p = np.array(scenario), np.array(y, float), np.array(p, float)
        names = list(dict.fromkeys(scenario))
        each = {n: (y[s == n].sum(), p[s == n].sum(), int((s == n).sum())) for n in names}
        every = (y.sum(), p.sum(), len(y))
        own = np.mean([a / b for a, b, _ in each.values()])
        return {n: float(factor(each[n], every, k, own)) for n in names}

    return answer


right_shrunk = _by(lambda one, of, k, own: (one[0] + k * of[0] / of[1]) / (one[1] + k))

MISTAKES: dict[str, Callable[..., By]] = {
    "there is no shrinking: each scenario has its own factor": _by(
        lambda one, of, k, own: one[0] / one[1]
    ),
    "every scenario has the factor of all": _by(lambda one, of, k, own: of[0] / of[1]),
    "the factor is predicted over actual; a prediction is to be multiplied by it": _by(
        lambda one, of, k, own: (one[1] + k * of[1] / of[0]) / (one[0] + k)
    ),
    "the factor is turned upside down, sum of p over sum of y (r is not)": _by(
        lambda one, of, k, own: (one[1] + k * of[0] / of[1]) / (one[0] + k)
    ),
    "the factor is turned upside down as a whole, one over it": _by(
        lambda one, of, k, own: (one[1] + k) / (one[0] + k * of[0] / of[1])
    ),
    "it is shrunk towards 1, not towards the factor of all": _by(
        lambda one, of, k, own: (one[0] + k) / (one[1] + k)
    ),
    "the k counts only below the line: the factor is shrunk towards 0": _by(
        lambda one, of, k, own: one[0] / (one[1] + k)
    ),
    "it is shrunk towards the mean of the scenarios' own factors; a small scenario counts there "
    "as much as a large one": _by(lambda one, of, k, own: (one[0] + k * own) / (one[1] + k)),
    "rows stand in the place of the sum of p": _by(
        lambda one, of, k, own: (one[0] + k * of[0] / of[2]) / (one[2] + k)
    ),
    "means stand in the place of sums; k then weighs against one row": _by(
        lambda one, of, k, own: (one[0] / one[2] + k * of[0] / of[1]) / (one[1] / one[2] + k)
    ),
    "the k weighs against rows, n / (n + k), not against expected purchases": _by(
        lambda one, of, k, own: (
            one[2] / (one[2] + k) * one[0] / one[1] + k / (one[2] + k) * of[0] / of[1]
        )
    ),
    "the k rows have the base rate of all, not their factor": _by(
        lambda one, of, k, own: (one[0] + k * of[0] / of[2]) / (one[1] + k)
    ),
}


def _told(case: Case) -> str:
    scenario, y, p, k = case
    return with_lines(scenario=scenario, y=y, p=p, k=k) + "the result"


def _read(got: Any, case: Case) -> By:
    told, names = _told(case), set(case[0])
    refuse_none(got, told, "a dictionary")
    if not isinstance(got, dict):
        reject(f"{told} must be a dictionary, got {shorten(got)}.")
    if set(got) != names:
        reject(f"{told} must have the scenarios {sorted(names)}, got {shorten(list(got))}.")
    return {
        str(name): as_number(one, f"{told} of {name!r}", infinite=True) for name, one in got.items()
    }


def check_shrunk(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_shrunk,
        _read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)[: -len('the result')]}the factor of {at[0]!r}",
    )


TASK = Task(
    id="70.2",
    prompt="Return a factor for each scenario, shrunk towards the factor of all rows.",
    check_answer=check_shrunk,
    hints=(
        "First r, actual over predicted of all rows: sum of y over sum of p.",
        "k expected purchases at the rate r are added to each scenario: above and below the line.",
        "r = sum(y) / sum(p); for each scenario (sum of its y + k * r) / (sum of its p + k)",
    ),
    insight="A large scenario keeps its own factor; a small one borrows that of all.",
)
