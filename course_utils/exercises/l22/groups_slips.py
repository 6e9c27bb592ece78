"""Lesson 22: what goes wrong in task 22.4, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

Scores = dict[frozenset[str], dict[str, float]]
Groups = tuple[tuple[str, ...], ...]
Case = tuple[Scores, list[str], int]
Slip = Callable[[Scores, list[str], int], Groups]
Worth = Callable[[Scores, Groups], float]


def partitions(names: Sequence[str]) -> Iterator[Groups]:
    """All of them, each sorted, for names in sorted order."""
    if not names:
        yield ()
        return
    first, *rest = names
    for n in range(len(rest) + 1):
        for others in combinations(rest, n):
            left = [one for one in rest if one not in others]
            for more in partitions(left):
                yield ((first, *others), *more)


def total(scores: Scores, groups: Groups) -> float:
    return sum(scores[frozenset(group)][task] for group in groups for task in group)


def of_groups(scores: Scores, groups: Groups) -> list[list[float]]:
    return [[scores[frozenset(group)][task] for task in group] for group in groups]


def best_by(
    worth: Worth,
    order: Callable[[Groups], Any] = lambda groups: (len(groups), groups),
    allowed: Callable[[Groups, int, int], bool] = lambda groups, most, n: len(groups) <= most,
) -> Slip:
    """The partition of the greatest worth; of level ones the first in ``order``."""

    def slip(scores: Scores, tasks: list[str], most: int) -> Groups:
        names = sorted(tasks)
        found = [one for one in partitions(names) if allowed(one, most, len(names))]
        found.sort(key=order)
        return max(found, key=lambda groups: worth(scores, groups))

    return slip


right_groups = best_by(total)


def last_of_level(scores: Scores, tasks: list[str], most: int) -> Groups:
    best = right_groups(scores, tasks, most)
    level = [
        one
        for one in partitions(sorted(tasks))
        if len(one) == len(best) and total(scores, one) == total(scores, best)
    ]
    return max(level)


def merged(scores: Scores, tasks: list[str], most: int) -> Groups:
    """Greedy from single tasks: merge the two that gain most, while there are too many or gain."""
    groups: list[tuple[str, ...]] = [(one,) for one in sorted(tasks)]
    while len(groups) > 1:
        now = total(scores, tuple(groups))
        found = []
        for a, b in combinations(groups, 2):
            rest = [one for one in groups if one not in (a, b)]
            new = sorted([*rest, tuple(sorted(a + b))])
            found.append((total(scores, tuple(new)) - now, new))
        gain, new = max(found, key=lambda one: one[0])
        if len(groups) <= most and gain <= 0:
            break
        groups = new
    return tuple(groups)


def best_group_first(scores: Scores, tasks: list[str], most: int) -> Groups:
    """Greedy by groups: the one with the best mean is fixed, then the next among what is left."""
    left = sorted(tasks)
    groups: list[tuple[str, ...]] = []
    while left:
        if len(groups) == most - 1:
            groups.append(tuple(left))
            break
        options = [g for n in range(1, len(left) + 1) for g in combinations(left, n)]
        best = max(options, key=lambda g: float(np.mean(of_groups(scores, (g,))[0])))
        groups.append(best)
        left = [one for one in left if one not in best]
    return tuple(sorted(groups))


def by_pairs(scores: Scores, groups: Groups) -> float:
    """TAG's approximation: a task's score is the mean over its pairs."""
    found = 0.0
    for group in groups:
        for task in group:
            others = [one for one in group if one != task]
            pairs = [scores[frozenset((task, one))][task] for one in others]
            found += float(np.mean(pairs)) if pairs else scores[frozenset(group)][task]
    return found


def covering(scores: Scores, tasks: list[str], most: int) -> Groups:
    """Groups may overlap, and each task is served by its best one, as TAG selects."""
    groups = [g for n in range(1, len(tasks) + 1) for g in combinations(sorted(tasks), n)]
    best: tuple[float, Groups] = (-np.inf, ())
    for n in range(1, min(most, len(tasks)) + 1):
        for some in combinations(groups, n):
            if {one for group in some for one in group} != set(tasks):
                continue
            worth = sum(max(scores[frozenset(g)][t] for g in some if t in g) for t in tasks)
            best = max(best, (worth, some), key=lambda one: one[0])
    return tuple(sorted(best[1]))


def each_tasks_best(scores: Scores, tasks: list[str], most: int) -> Groups:
    """For each task the group in which it does best."""
    groups = [g for n in range(1, len(tasks) + 1) for g in combinations(sorted(tasks), n)]
    return tuple(
        sorted(
            max((g for g in groups if task in g), key=lambda g: scores[frozenset(g)][task])
            for task in sorted(tasks)
        )
    )


ignores_most = best_by(total, allowed=lambda groups, most, n: True)


def in_reverse(scores: Scores, tasks: list[str], most: int) -> Groups:
    return right_groups(scores, tasks, most)[::-1]


def in_given_order(scores: Scores, tasks: list[str], most: int) -> Groups:
    """Names in the order of ``tasks``."""
    return tuple(
        tuple(one for one in tasks if one in group) for group in right_groups(scores, tasks, most)
    )


MISTAKES: dict[str, Slip] = {
    "groups are merged one after the other: a merge that looks best can spoil a better partition": (
        merged
    ),
    "the best group is fixed first, and the other tasks share what is left": best_group_first,
    "the means of the groups are averaged: every task counts the same, so add the tasks up": (
        best_by(lambda scores, groups: np.mean([np.mean(g) for g in of_groups(scores, groups)]))
    ),
    "the means of the groups are added up: a task in a large group then counts less": best_by(
        lambda scores, groups: sum(float(np.mean(g)) for g in of_groups(scores, groups))
    ),
    "the partition with the best single task is returned": best_by(
        lambda scores, groups: max(max(g) for g in of_groups(scores, groups))
    ),
    "the partition whose worst task is best is returned": best_by(
        lambda scores, groups: min(min(g) for g in of_groups(scores, groups))
    ),
    "the smallest sum is returned": best_by(lambda scores, groups: -total(scores, groups)),
    "only pairs are looked up: a group of three has a score of its own": best_by(by_pairs),
    "exactly `most` groups are made, where fewer are allowed": best_by(
        total, allowed=lambda groups, most, n: len(groups) == min(most, n)
    ),
    "all tasks together, or in two groups, are the only choices": best_by(
        total, allowed=lambda groups, most, n: len(groups) <= min(most, 2)
    ),
    "a partition into single tasks is not looked at": best_by(
        total, allowed=lambda groups, most, n: len(groups) <= most and (len(groups) < n or n == 1)
    ),
    "all tasks in one group are not looked at": best_by(
        total, allowed=lambda groups, most, n: min(2, most, n) <= len(groups) <= most
    ),
    "of partitions with equal sums you return the one with more groups; return the one with "
    "fewer": best_by(
        total, order=lambda groups: (-len(groups), groups)
    ),
    "partitions with equal sums are ordered by the tuples alone; the number of groups comes "
    "first": best_by(
        total, order=lambda groups: groups
    ),
    "of partitions with equal sums and as many groups you return the largest tuple; return the "
    "smallest": (
        last_of_level
    ),
    "of partitions with equal sums you return the one with the larger first group; fewer groups "
    "come first, then the smaller tuple": best_by(
        total, order=lambda groups: (len(groups), [-len(group) for group in groups], groups)
    ),
    "in each group you count the score of the first task alone; add up the scores of all its "
    "tasks": best_by(
        lambda scores, groups: sum(scores[frozenset(g)][g[0]] for g in groups)
    ),
}  # fmt: skip
