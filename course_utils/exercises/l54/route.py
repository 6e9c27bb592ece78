"""Task 54.6: each row through its scenario's tower, and back to its own row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

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


def right_route(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    x, scenario, towers = np.asarray(x, float), np.asarray(scenario), np.asarray(towers, float)
    if len(scenario) and not (scenario.min() >= 0 and scenario.max() < len(towers)):
        raise ValueError("an unknown scenario")
    return (x * towers[scenario]).sum(axis=1)


def grouped(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    """As the parts come: scenario by scenario."""
    right_route(x, scenario, towers)
    return np.concatenate([x[scenario == i] @ tower for i, tower in enumerate(towers)])


def _order_again(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    """Sorted by the sort order, in place of its inverse."""
    found = grouped(x, scenario, towers)
    return found[np.argsort(scenario, kind="stable")]


def _first_tower(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    right_route(x, scenario, towers)
    return np.asarray(x) @ towers[0]


def _sum_of_all(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    right_route(x, scenario, towers)
    return (np.asarray(x) @ towers.T).sum(axis=1)


def _mean_of_all(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    return _sum_of_all(x, scenario, towers) / len(towers)


def _by_position(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    """Towers go round: row 0 gets tower 0."""
    right_route(x, scenario, towers)
    return (np.asarray(x) * towers[np.arange(len(x)) % len(towers)]).sum(axis=1)


def _first_scenario(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    """The batch is believed to be of one scenario."""
    right_route(x, scenario, towers)
    return np.asarray(x) @ towers[scenario[0]] if len(x) else np.zeros(0)


def unchecked(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    result = np.zeros(len(x))
    for i, tower in enumerate(towers):
        result[scenario == i] = x[scenario == i] @ tower
    return result


def _indexed(x: Any, scenario: Any, towers: Any) -> np.ndarray:
    """-1 is the last tower."""
    if len(scenario) and max(scenario) >= len(towers):
        raise ValueError
    return (x * towers[scenario]).sum(axis=1)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the answers are grouped by scenario: the labels are not": grouped,
    "the order is applied once more, not undone: that needs the inverse of the sort": _order_again,
    "every row goes through tower 0": _first_tower,
    "the towers are added up": _sum_of_all,
    "the towers are averaged": _mean_of_all,
    "towers are dealt out by the row's number": _by_position,
    "the scenario of the first row is used for the whole batch": _first_scenario,
}


def _shown(case: Case) -> str:
    if np.size(case[0]) > 8:
        return f"route of {len(case[0])} rows and {len(case[2])} towers"
    return call_of("route", case)


def check_route(answer: Any) -> None:
    names = ("x", "scenario", "towers")
    compare(
        leaving(answer, names, _shown),
        CASES,
        right_route,
        lambda got, case: as_array(got, _shown(case), (len(case[0]),)),
        _shown,
        MISTAKES,
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
)
