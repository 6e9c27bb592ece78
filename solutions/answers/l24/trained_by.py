"""Task 24.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l24.trained_by import (
    always_apart,
    by_lower,
    first_apart,
    in_given_order,
    last_two_apart,
    never_apart,
    one_level_apart,
    others,
    right_trained_by,
    shared_by_none,
)


def _by_following(tasks: Any, levels: int) -> Any:
    """Downwards from the towers: a group's readers are what the level above reads it with."""
    everyone = tuple(sorted(tasks))
    above: dict[str, set[str]] = {task: {task} for task in tasks} | {"shared": set()}
    found = []
    for _ in range(levels):
        here = {task: above[task] | above["shared"] for task in tasks}
        here["shared"] = set().union(*(above[part] for part in above))
        found.append({part: tuple(sorted(whose)) for part, whose in here.items()})
        above = here
    assert all(one["shared"] == everyone for one in found)
    return found[::-1]


def _two_kinds(tasks: Any, levels: int) -> Any:
    everyone = sorted(tasks)
    last = {"shared": everyone, **{task: [task] for task in tasks}}
    return [dict.fromkeys([*tasks, "shared"], everyone) for _ in range(levels - 1)] + [last]


PROOF = Proof(
    task="24.3",
    right=[_by_following, _two_kinds],
    wrong=[
        Wrong(always_apart, "on the last level only", silent=True),
        Wrong(never_apart, "and no others", silent=True),
        Wrong(first_apart, "not the first", silent=True),
        Wrong(last_two_apart, "last level but one", silent=True),
        Wrong(one_level_apart, "however many levels", silent=True),
        Wrong(others, "trained by that task, too", silent=True),
        Wrong(shared_by_none, "still reads its shared experts", silent=True),
        Wrong(in_given_order, "Sort the names", silent=True),
        Wrong(by_lower, "puts capital letters first", silent=True),
        Wrong(lambda tasks, levels: right_trained_by(tasks, 1)[0], "must be a list"),
        Wrong(
            lambda tasks, levels: [{task: [task] for task in tasks}] * levels, "must have the keys"
        ),
    ],
)
