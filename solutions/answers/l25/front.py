"""Task 25.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l25.front_slips import MISTAKES, right_front


def _with_arrays(points: Any) -> Any:
    if not points:
        return []
    x = np.array(points)
    no_worse = (x[:, None] >= x[None]).all(axis=2)
    better = (x[:, None] > x[None]).any(axis=2)
    return np.flatnonzero(~(no_worse & better).any(axis=0))


def _with_loops(points: Any) -> Any:
    kept = []
    for k, one in enumerate(points):
        for other in points:
            if other != one and all(b >= a for a, b in zip(one, other, strict=True)):
                break
        else:
            kept.append(k)
    return kept


def _sorted_first(points: Any) -> Any:
    """From the largest down: what follows can only be dominated by what is kept."""
    kept: list[int] = []
    for k in sorted(range(len(points)), key=lambda k: points[k], reverse=True):
        if not any(
            points[j] != points[k]
            and all(a >= b for a, b in zip(points[j], points[k], strict=True))
            for j in kept
        ):
            kept.append(k)
    return sorted(kept)


def _without_equals(points: Any) -> Any:
    """At least as good everywhere is enough, itself apart: equal points throw each other out."""
    return [
        k
        for k, one in enumerate(points)
        if not any(
            j != k and all(a >= b for a, b in zip(two, one, strict=True))
            for j, two in enumerate(points)
        )
    ]


def _not_itself(points: Any) -> Any:
    """At least as good everywhere is enough, the object itself apart: right where equal is one."""
    kept = []
    for k, one in enumerate(points):
        rivals = [p for p in points if p is not one]
        if not any(all(a >= b for a, b in zip(p, one, strict=True)) for p in rivals):
            kept.append(k)
    return kept


def _in_32_bits(points: list[tuple[float, ...]]) -> list[int]:
    return right_front([tuple(float(np.float32(x)) for x in one) for one in points])


PROOF = Proof(
    task="25.2",
    right=[_with_arrays, _with_loops, _sorted_first],
    wrong=[
        *silent(MISTAKES),
        Wrong(_in_32_bits, "nearly equal", silent=True),
        Wrong(_without_equals, "equal points dominate each other", silent=True),
        Wrong(_not_itself, "unless they are one object", silent=True),
        Wrong(
            lambda points: [points[k] for k in right_front(points)],
            "must be a list of whole numbers",
        ),
        Wrong(lambda points: len(right_front(points)), "must be a list"),
        Wrong(lambda points: None, "got None"),
    ],
)
