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


PROOF = Proof(
    task="54.6",
    right=[_written_back, _sorted_back, right_route],
    wrong=[
        *silent(MISTAKES),
        Wrong(unchecked, "and it returns: there is no tower", silent=True),
        Wrong(_indexed, "np.array([-1, 0])", silent=True),
        Wrong(_changes, "changes `x`", silent=True),
        Wrong(lambda *case: right_route(*case)[:, None], "must have shape (3,)"),
    ],
)
