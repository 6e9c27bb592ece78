"""Task 22.4: the best partition of the tasks into groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, explain, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l22.groups_slips import (
    MISTAKES,
    Case,
    Groups,
    Scores,
    right_groups,
    total,
)
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten


def _scores(tasks: str, of: Callable[[tuple[str, ...], str], float]) -> Scores:
    """For every non-empty subset: each of its tasks' score."""
    return {
        frozenset(group): {task: of(group, task) for task in group}
        for n in range(1, len(tasks) + 1)
        for group in combinations(tasks, n)
    }


def _drawn(seed: int, tasks: str, most: int, asked: str = "", falls: float = 0.0) -> Case:
    """Scores are eighths, of either sign, so that sums are exact; ``asked`` are not in order."""
    draw = np.random.default_rng(seed)
    scores = _scores(
        tasks, lambda group, task: float(draw.integers(-16, 17) / 8 - falls * (len(group) - 1))
    )
    return scores, list(asked or tasks), most


def _flat(tasks: str, most: int, by_size: Mapping[int, float], asked: str = "") -> Case:
    """A task's score hangs on the size of its group alone: many partitions are level."""
    scores = _scores(tasks, lambda group, task: by_size[len(group)])
    return scores, list(asked or tasks), most


def _planted(groups: str, most: int) -> Case:
    """A group of this partition has a score of 1 a task, every other one 0."""
    best = groups.split()
    tasks = "".join(sorted("".join(best)))
    scores = _scores(tasks, lambda group, task: float("".join(group) in best))
    return scores, list(tasks[::-1]), most


def _named(case: Case, **names: str) -> Case:
    scores, tasks, most = case
    return (
        {
            frozenset(names[one] for one in group): {names[k]: v for k, v in of.items()}
            for group, of in scores.items()
        },
        [names[one] for one in tasks],
        most,
    )


_GREEDY: Case = (
    {
        **_scores("abcd", lambda group, task: 0.0 if len(group) == 1 else -1.0),
        frozenset("ab"): {"a": 1.5, "b": 1.5},
        frozenset("ac"): {"a": 1.25, "c": 1.25},
        frozenset("bd"): {"b": 1.25, "d": 1.25},
    },
    list("abcd"),
    2,
)
"""The best pair of all leaves its others with nothing."""

_LEVEL: Case = (
    {
        **_scores("abcd", lambda group, task: float(len(group) == 1 and task != "b")),
        frozenset("ab"): {"a": 1.0, "b": 1.0},
        frozenset("bcd"): {"b": 1.0, "c": 1.0, "d": 1.0},
    },
    list("abcd"),
    3,
)
"""Level: a alone beside three, and a pair beside two alone."""

_AS_MANY: Case = (
    {
        **_scores("abcd", lambda group, task: float(group == ("d",))),
        **{frozenset(group): dict.fromkeys(group, 1.0) for group in ("abc", "ac", "bd")},
    },
    list("abcd"),
    2,
)
"""Level: three beside d alone, and two pairs."""

CASES: list[Case] = [
    ({frozenset("a"): {"a": 1.0}, frozenset("b"): {"b": 2.0},
      frozenset("ab"): {"a": 1.5, "b": 1.75}}, ["a", "b"], 2),
    ({frozenset("a"): {"a": 0.5}}, ["a"], 1),
    _drawn(1, "abc", 2, asked="cab"),
    _GREEDY,
    _drawn(2, "abcd", 2, asked="dbca"),
    _drawn(3, "abcd", 3),
    _drawn(4, "abcd", 1),
    _drawn(5, "abcd", 9, falls=0.5),
    _drawn(6, "abc", 3, falls=2.0),
    # Two of three tasks are asked for, and three of five.
    _drawn(12, "abc", 2, asked="ca"),
    _drawn(7, "abcde", 2, asked="dba"),
    _drawn(8, "abcde", 2, asked="ecdab"),
    _drawn(9, "abcde", 3, falls=0.25),
    _named(_drawn(10, "abc", 2), a="Wishlist", b="buy", c="é"),
    # Level: fewer groups first, then the order of tuples.
    _flat("abc", 3, {1: 1.0, 2: 1.0, 3: 1.0}),
    _flat("abcd", 3, {1: 1.0, 2: 2.0, 3: 1.0, 4: 0.0}, asked="dcba"),
    _flat("abcd", 4, {1: 2.0, 2: 2.0, 3: 1.0, 4: 1.0}, asked="bdca"),
    _flat("abcd", 2, {1: 3.0, 2: 1.0, 3: 1.0, 4: 1.0}),
    _LEVEL,
    _AS_MANY,
    # Capitals come before small letters, in ties too.
    _named(_flat("abcd", 2, {1: 1.0, 2: 2.0, 3: 1.0, 4: 0.0}),
           a="Ads", b="Wishlist", c="buy", d="click"),
    *(_planted(groups, len(groups.split()) + more) for groups, more in (
        ("ad b c", 0), ("abc d e", 1), ("ab cd e", 0), ("ad b c e", 1), ("a b c d e", 0),
        ("bcdef a", 0), ("abef cd", 0), ("acde b f", 0), ("abc de f", 0), ("af be cd", 0))),
    _drawn(14, "abcde", 2, falls=-0.25),
    _drawn(11, "abcdef", 3, asked="fcadbe"),
]  # fmt: skip


def check_groups(answer: Any) -> None:
    asked = leaving(answer, ("score", "tasks", "most"), _told)
    gots = [_read(asked(*case), case) for case in CASES]
    for at, (case, got) in enumerate(zip(CASES, gots, strict=True)):
        want = right_groups(*case)
        if got != want:
            sums = [f"{groups}, whose sum is {total(case[0], groups)}" for groups in (want, got)]
            why = explain(CASES, gots, right_groups, MISTAKES, at)
            if not why and len(got) == len(want) and total(case[0], got) == total(case[0], want):
                why = " Equal sums, as many groups: take the smaller tuple in Python's order."
            reject(f"{_told(case)} must be {sums[0]}, got {sums[1]}.{why}")
    compare(asked, CASES[:1], right_groups, _read, _told, {})


def _told(case: Case) -> str:
    score, tasks, most = case
    if len(score) < 16:
        return f"{with_lines(score=score, tasks=tasks, most=most)}best_groups(score, tasks, most)"
    return f"best_groups(score of {len(score)} sets, {tasks}, {most})"


def _read(got: Any, case: Case) -> Groups:
    (_, tasks, most), told = case, _told(case)
    refuse_none(got, told, "a tuple of tuples")
    if not isinstance(got, (tuple, list)) or not all(isinstance(one, (tuple, list)) for one in got):
        reject(f"{told} must be a tuple of tuples, got {shorten(got)}.")
    groups = tuple(tuple(one) for one in got)
    names = [one for group in groups for one in group]
    if not all(isinstance(one, str) and one in tasks for one in names):
        reject(f"{told} must hold names of tasks that were asked for, got {shorten(got)}.")
    for task in tasks:
        if names.count(task) != 1:
            reject(
                f"{told} must hold each task in one group, got {shorten(got)}: {task!r} stands in "
                f"{names.count(task)}."
            )
    if not all(groups):
        reject(f"{told} must hold no empty group, got {shorten(got)}.")
    if len(groups) > most:
        reject(f"{told} must hold {most} group{'s' * (most > 1)} at most, got {shorten(got)}.")
    ordered = tuple(sorted(tuple(sorted(group)) for group in groups))
    if groups != ordered:
        reject(f"{told}: sort the names in a group, then the groups: {ordered}, not {groups}.")
    return groups


TASK = Task(
    id="22.4",
    prompt="Return the partition into at most `most` groups with the greatest sum over tasks.",
    check_answer=check_groups,
    hints=(
        "List all partitions, then take the best. To list them: the first task, in sorted order, "
        "is alone or with some of the other tasks. Split the tasks that are left in the same way.",
        "def splits(names): for no names it yields []. Else, for each n in range(len(names)) and "
        "each others in combinations(names[1:], n), it yields the group (names[0], *others), "
        "followed by each split of the names that are left.",
        "key = (-sum(score[frozenset(g)][task] for g in groups for task in g), len(groups), "
        "groups). Take the smallest key of the sorted partitions with len(groups) <= most.",
    ),
    insight="Five tasks have 31 subsets to train and 52 partitions to compare. Sums are cheap, and "
    "trainings are not.",
)
