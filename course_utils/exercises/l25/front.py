"""Task 25.2: the points that no other dominates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l25.shared import Places, places

Points = list[tuple[float, ...]]


def _points(seed: int, n: int, goals: int, levels: int) -> Case:
    drawn = np.random.default_rng(seed).integers(levels, size=(n, goals))
    return ([tuple(int(x) for x in row) for row in drawn],)


CASES: list[Case] = [
    ([(5, 1), (4, 4), (4, 3), (1, 5), (4, 4)],),
    ([],),
    ([(2, 2)],),
    # Equal in one goal, worse in the other.
    ([(1, 3), (2, 3), (2, 1)],),
    # On the front, and under the line from (0, 10) to (10, 0).
    ([(0, 10), (4, 4), (10, 0), (3, 3)],),
    ([(1, 1), (1, 1), (1, 1)],),
    # Equal, and not one object: what is written out above may be.
    ([tuple([1, 1]) for _ in range(3)],),
    ([(-5, -1), (-2, -3), (-6, -2), (0, -9)],),
    ([(3, 3), (1, 1), (2, 4), (3, 2), (0.5, 4.5)],),
    _points(1, 9, 2, 5),
    _points(2, 10, 3, 4),
    _points(3, 8, 3, 3),
    # Nearly equal is not equal.
    ([(0.3, 1), (0.1 + 0.2, 1)],),
    # Better in two goals of three, and worse in one.
    ([(9, 9, 0), (1, 1, 1), (9, 8, 0)],),
]

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
    kept = set()
    for w in np.linspace(0.001, 0.999, 999):
        values = [w * one[0] + (1 - w) * sum(one[1:]) for one in points]
        kept |= {k for k, v in enumerate(values) if np.isclose(v, max(values))}
    return [k for k in right_front(points) if k in kept]


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
    "less is better; here more is": smaller,
    "the points that another dominates are returned; wanted are the others": dominated,
    "one goal in which another point is better throws a point out; the other must also be at least "
    "as good in all goals": in_one,
    "a point throws itself out: it is at least as good as itself, so ask for better in one goal "
    "too": with_itself,
    "whole tuples are compared: Python then looks at the first goal that differs and no further": (
        as_tuples
    ),
    "every point stays: any one other point that dominates it throws a point out": (
        lambda points: list(range(len(points)))
    ),
    "the numbers begin at 1; the first point has the number 0": (
        lambda points: [k + 1 for k in right_front(points)]
    ),
    "points.index gives each of equal points the number of the first: count with enumerate": (
        by_index
    ),
    "a point is held only against those before it; one that comes later may dominate it": before,
    "the points are sorted by the first goal, and each is held against the best second goal so "
    "far: that loses equal points, and fits two goals only": sweep,
    "numbers are removed from the list that the loop runs over: it then skips the next one": (
        removed_on_the_way
    ),
    "only the largest sum is kept": by_sum,
    "a point falls if another is better in most goals; it must be at least as good in all": by_most,
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


def check_front(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: Places(tuple(right_front(*case))),
        lambda got, case: places(got, _told(case)),
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
    )


def _wrapped(gives: Front) -> Callable[..., Places]:
    return lambda *case: Places(tuple(gives(*case)))


def _told(case: Case) -> str:
    return call_of("pareto", case)


TASK = Task(
    id="25.2",
    prompt="Return the numbers of the points that no other point dominates.",
    check_answer=check_front,
    hints=(
        "Hold each point against all others. One that is at least as good everywhere and better "
        "somewhere throws it out.",
        "all(x >= y for x, y in zip(a, b)) and a != b says that a dominates b.",
        "[k for k, one in enumerate(points) if not any(dominates(p, one) for p in points)]",
    ),
    insight="A front may have dents: points that are best for no weights, and still not dominated.",
)
