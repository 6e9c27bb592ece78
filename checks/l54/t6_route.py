"""Task 54.6: each row through its scenario's tower, and back to its own row."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("54.6")
edit, returning = right.edit, right.returning

_TOWERS = np.array([[1.0, 0.0], [0.0, 10.0], [100.0, 100.0]])


def _draw(seed: int, n: int, d: int, towers: int) -> Case:
    draw = np.random.default_rng(seed)
    return (
        draw.normal(size=(n, d)).round(2),
        draw.integers(0, towers, n),
        draw.normal(size=(towers, d)).round(2),
    )


CASES: list[Case] = [
    (np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1, 0, 1]), _TOWERS),
    (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 1]), _TOWERS),  # sorted already
    (np.array([[1.0, 2.0]]), np.array([2]), _TOWERS),
    (np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([2, 2], np.int8), _TOWERS),
    (np.zeros((0, 2)), np.zeros(0, int), _TOWERS),
    _draw(1, 9, 3, 4),
    _draw(2, 12, 4, 3),
    # Whole numbers in, halves out.
    (np.array([[1, 2], [3, 4]]), np.array([0, 1], np.uint8), np.array([[0.5, 0.25], [0.5, 0.5]])),
]
UNKNOWN: list[Case] = [
    (np.ones((2, 2)), np.array([0, 3]), _TOWERS),
    (np.ones((2, 2)), np.array([-1, 0]), _TOWERS),
    (np.ones((3, 2)), np.array([0, 7, 1]), _TOWERS),
    (np.ones((3, 2)), np.array([1, -2, 0]), _TOWERS),
]


GROUPED = "np.concatenate([x[scenario == k] @ own for k, own in enumerate(towers)])"

SLIPS = {
    "the answers are grouped by scenario: the labels are not": returning(GROUPED),
    "the order is applied once more, not undone: that needs the inverse of the sort": returning(
        f"{GROUPED}[np.argsort(scenario, kind='stable')]"
    ),
    "every row goes through tower 0": edit({"x[mine] @ own": "x[mine] @ towers[0]"}),
    "the towers are added up": returning("(x @ towers.T).sum(axis=1)"),
    "the towers are averaged": returning("(x @ towers.T).mean(axis=1)"),
    "towers are dealt out by the row's number": returning(
        "(x * towers[np.arange(len(x)) % len(towers)]).sum(axis=1)"
    ),
    "the scenario of the first row is used for the whole batch": returning(
        "x @ towers[scenario[0]] if len(x) else result"
    ),
}


def _shown(case: Case) -> str:
    if np.size(case[0]) > 8:
        return f"route of {len(case[0])} rows and {len(case[2])} towers"
    return call_of("route", case)


def check_route(answer: Any) -> None:
    compare(
        leaving(answer, right.arguments, _shown),
        CASES,
        right,
        lambda got, case: as_array(got, _shown(case), (len(case[0]),)),
        _shown,
        SLIPS,
    )
    for case in UNKNOWN:
        error = answer.raised(*case)
        if not isinstance(error, ValueError):
            what = "returns" if error is None else f"stops by {type(error).__name__}"
            reject(
                f"{_shown(case)} must raise ValueError, and it {what}: there is no tower for one "
                "of the rows."
            )


TASK = Task(
    id="54.6",
    prompt="Return x @ tower of each row's scenario, in the order of the rows.",
    check_answer=check_route,
    hints=(
        "Rows may be worked on in groups, but each answer belongs where its row stood. What "
        "happens to a row whose scenario has no tower?",
        "result = np.empty(len(x)); then for each tower result[scenario == i] = x[scenario == i] "
        "@ tower. Before that: scenario.min() and scenario.max(), if there are rows.",
        "Or at once: (x * towers[scenario]).sum(axis=1), after the test; a negative scenario "
        "would count from the end.",
    ),
    insight="Whatever sorts rows must sort them back: shuffle a batch and compare.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
