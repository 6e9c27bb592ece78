"""Task 23.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.targets import MISTAKES, right_targets


def _by_weights(y: Any, known: Any, q: Any, speaks: Any, a: float) -> list[Any]:
    teacher = np.where(known, a, 1.0) * speaks
    label = np.where(speaks, 1 - a, 1.0) * known
    return [label * y + teacher * np.nan_to_num(q), np.logical_or(known, speaks).astype(int)]


def _by_loops(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Any:
    target, counts = np.zeros(y.shape), np.zeros(y.shape, bool)
    for cell in np.ndindex(*y.shape):
        counts[cell] = known[cell] or speaks[cell]
        if known[cell]:
            target[cell] = (1 - a) * y[cell] + a * q[cell] if speaks[cell] else y[cell]
        elif speaks[cell]:
            target[cell] = q[cell]
    return target, counts


def _nan_times_zero(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Any:
    teacher = np.where(known, a, 1.0) * speaks
    label = np.where(speaks, 1 - a, 1.0) * known
    return label * y + teacher * q, known | speaks


def _no_counts(*case: Any) -> Any:
    return right_targets(*case)[0]


PROOF = Proof(
    task="23.3",
    right=[_by_weights, _by_loops],
    wrong=[
        *silent(MISTAKES),
        Wrong(_nan_times_zero, says="nan times 0 is nan", silent=True),
        Wrong(lambda *case: ([["a"]], 1), says="must be an array of numbers"),
        Wrong(_no_counts, says="must be a pair (target, counts)"),
        Wrong(lambda *case: None, says="Did you forget a return?"),
    ],
)
