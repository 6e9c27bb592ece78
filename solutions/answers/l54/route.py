"""Task 54.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l54.route import MISTAKES, _indexed, right_route, unchecked


def _written_back(x: Any, scenario: Any, towers: Any) -> Any:
    if not set(scenario.tolist()) <= set(range(len(towers))):
        raise ValueError(scenario)
    return unchecked(x, scenario, towers)


def _sorted_back(x: Any, scenario: Any, towers: Any) -> Any:
    if any(not 0 <= int(one) < len(towers) for one in scenario):
        raise ValueError("scenario")
    order = np.argsort(scenario, kind="stable")
    found = np.concatenate([x[scenario == i] @ tower for i, tower in enumerate(towers)])
    return found[np.argsort(order)].tolist()


def _changes(x: Any, scenario: Any, towers: Any) -> Any:
    found = right_route(x, scenario, towers)
    x *= 0
    return found


def _in_whole_numbers(x: Any, scenario: Any, towers: Any) -> Any:
    result = np.zeros(len(x), dtype=x.dtype)
    result[:] = right_route(x, scenario, towers)
    return result


def _minus_one(x: Any, scenario: Any, towers: Any) -> Any:
    """Knows of -1, not of -2."""
    if (scenario >= len(towers)).any() or -1 in scenario:
        raise ValueError
    return (x * towers[scenario]).sum(axis=1)


def _ends_alone(x: Any, scenario: Any, towers: Any) -> Any:
    """Looks at the first and the last row."""
    if len(x) and not all(0 <= int(one) < len(towers) for one in scenario[[0, -1]]):
        raise ValueError
    return unchecked(x, scenario, towers)


PROOF = Proof(
    task="54.6",
    right=[_written_back, _sorted_back, right_route],
    wrong=[
        *silent(MISTAKES),
        Wrong(unchecked, "and it returns: there is no tower", silent=True),
        Wrong(_indexed, "np.array([-1, 0])", silent=True),
        Wrong(_in_whole_numbers, "np.uint8", silent=True),
        Wrong(_minus_one, "np.array([1, -2, 0])", silent=True),
        Wrong(_ends_alone, "np.array([0, 7, 1])", silent=True),
        Wrong(_changes, "changes `x`", silent=True),
        Wrong(lambda *case: right_route(*case)[:, None], "must have shape (3,)"),
    ],
)
