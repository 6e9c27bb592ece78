"""Lesson 25: what goes wrong in task 25.2, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Points = list[tuple[float, ...]]
Front = Callable[[Points], list[int]]


def unless(dominates: Callable[[Any, Any], bool]) -> Front:
    """The places of the points that no point dominates, in this sense."""

    def front(points: Points) -> list[int]:
        return [
            k
            for k, one in enumerate(points)
            if not any(dominates(np.array(two), np.array(one)) for two in points)
        ]

    return front


right_front = unless(lambda a, b: bool((a >= b).all() and (a > b).any()))
strictly = unless(lambda a, b: bool((a > b).all()))
smaller = unless(lambda a, b: bool((a <= b).all() and (a < b).any()))
by_sum = unless(lambda a, b: bool(a.sum() > b.sum()))
by_most = unless(lambda a, b: bool((a > b).sum() > (b > a).sum()))
nearly = unless(lambda a, b: bool((a >= b - 1e-9).all() and (a > b + 1e-9).any()))
in_one = unless(lambda a, b: bool((a > b).any()))
with_itself = unless(lambda a, b: bool((a >= b).all()))
as_tuples = unless(lambda a, b: tuple(a) > tuple(b))
two_only = unless(lambda a, b: bool((a[:2] >= b[:2]).all() and (a[:2] > b[:2]).any()))


def once(points: Points) -> list[int]:
    return [k for k in right_front(points) if points[k] not in points[:k]]


def by_index(points: Points) -> list[int]:
    """Asked for its place, a point names that of the first equal one."""
    return [points.index(points[k]) for k in right_front(points)]


def dominated(points: Points) -> list[int]:
    return sorted(set(range(len(points))) - set(right_front(points)))


def before(points: Points) -> list[int]:
    """Held against the points before it only."""
    return [k for k in range(len(points)) if k in right_front(points[: k + 1])]


def sweep(points: Points) -> list[int]:
    """From the largest first goal down: kept is what has a new best second goal."""
    kept: list[int] = []
    best = -np.inf
    for k in sorted(range(len(points)), key=lambda k: points[k], reverse=True):
        if points[k][1] > best:
            kept, best = [*kept, k], points[k][1]
    return sorted(kept)


def removed_on_the_way(points: Points) -> list[int]:
    """A list that is looped over becomes shorter: the one after each removal is skipped."""
    left, front = list(range(len(points))), right_front(points)
    for k in left:
        if k not in front:
            left.remove(k)
    return left


def no_twins(points: Points) -> list[int]:
    """Equal points dominate each other: none is left."""
    return [k for k in right_front(points) if points.count(points[k]) == 1]


def by_identity(points: Points) -> list[int]:
    """At least as good everywhere is enough, one and the same object apart."""
    return [
        k
        for k, one in enumerate(points)
        if not any(
            two is not one and all(a >= b for a, b in zip(two, one, strict=True)) for two in points
        )
    ]


def hull(points: Points) -> list[int]:
    """Only what is best for some weights of two goals."""
    if not points:
        return []
    goals = np.array([(one[0], sum(one[1:])) for one in points], float)
    w = np.linspace(0.001, 0.999, 999)[:, None]
    values = w * goals[:, 0] + (1 - w) * goals[:, 1]
    kept = np.isclose(values, values.max(axis=1, keepdims=True)).any(axis=0)
    return [k for k in right_front(points) if kept[k]]


def sorted_front(points: Points) -> list[int]:
    return sorted(right_front(points), key=lambda k: points[k], reverse=True)


def champions(points: Points) -> list[int]:
    """Only what is best in one goal."""
    best = [max(one[g] for one in points) for g in range(len(points[0]))] if points else []
    return [
        k for k in right_front(points) if any(x == b for x, b in zip(points[k], best, strict=True))
    ]


def neighbours(points: Points) -> list[int]:
    """Held against the point before and after only."""
    kept = []
    for k, one in enumerate(points):
        beside = [points[i] for i in (k - 1, k + 1) if 0 <= i < len(points)]
        if 0 in right_front([one, *beside]):
            kept.append(k)
    return kept


MISTAKES: dict[str, Front] = {
    "a point must be beaten in every goal: equal in one and worse in another is dominated too": (
        strictly
    ),
    "less counts as better; here more is better": smaller,
    "the dominated points are returned; return the points that no other point dominates": dominated,
    "one goal in which another point is better throws a point out; the other must also be at least "
    "as good in all goals": in_one,
    "a point throws itself out: it is at least as good as itself, so ask for better in one goal "
    "too": with_itself,
    "whole tuples are compared: Python then looks at the first goal that differs and no further": (
        as_tuples
    ),
    "every point stays: one other point that dominates a point throws this point out": (
        lambda points: list(range(len(points)))
    ),
    "the numbers begin at 1; the first point has the number 0": (
        lambda points: [k + 1 for k in right_front(points)]
    ),
    "points.index gives each of equal points the number of the first: count with enumerate": (
        by_index
    ),
    "a point is held only against the points before; a later point may dominate, too": before,
    "the points are sorted by the first goal, and each is held against the best second goal so "
    "far: that loses equal points, and fits two goals only": sweep,
    "numbers are removed from the list that the loop runs over: it then skips the next one": (
        removed_on_the_way
    ),
    "only the largest sum is kept": by_sum,
    "a point falls if another is better in most goals; ask for at least as good in all": by_most,
    "of equal points only the first is kept; both stay": once,
    "equal points dominate each other; both stay": no_twins,
    "equal points throw each other out unless they are one object: `is not` asks for the object, "
    "!= for the numbers": by_identity,
    "only points that are best for some weights are kept: the front may have dents": hull,
    "the front is sorted by its goals; wanted are the numbers in rising order": sorted_front,
    "only what is best in one goal is kept": champions,
    "a point is held against its neighbours in the list only": neighbours,
    "only the first two goals are compared": two_only,
    "nearly equal counts as equal; compare the numbers as they are": nearly,
}
