"""Task 40.8: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.rollback import MISTAKES, right_rollback


def _with_sets(days: Any, x: float) -> Any:
    bad = [{task for task, (low, _) in day.items() if low > x} for day in days]
    return next((at + 1 for at, (one, two) in enumerate(pairwise(bad)) if one & two), -1)


def _task_by_task(days: Any, x: float) -> Any:
    ends = []
    for task in {task for day in days for task in day}:
        run = 0
        for at, day in enumerate(days):
            run = run + 1 if task in day and day[task][0] > x else 0
            if run == 2:
                ends.append(at)
    return min(ends, default=-1)


def _eats(days: Any, x: float) -> Any:
    found = right_rollback(days, x)
    days.clear()
    return found


def _none(days: Any, x: float) -> Any:
    found = right_rollback(days, x)
    return None if found < 0 else found


PROOF = Proof(
    task="40.8",
    right=[_with_sets, _task_by_task],
    wrong=[
        *silent(MISTAKES),
        Wrong(_eats, "your function changes `days`", silent=True),
        Wrong(_none, "got None. For other inputs you return a value"),
        Wrong(lambda days, x: [right_rollback(days, x)] * 2, "must be one number"),
        Wrong(lambda days, x: None, "Did you forget a return?"),
    ],
)
