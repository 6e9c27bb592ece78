"""Task 25.2: the points that no other dominates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l25.front_slips import MISTAKES, Front, right_front
from course_utils.exercises.l25.shared import Places, places


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
