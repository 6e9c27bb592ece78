"""Task 54.3 check: the learner's own test of a pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.grading import grading
from course_utils.exercises.l54.pool import (
    cut_at_first,
    mean_pool,
    right_pool,
    with_padding,
    zero_for_padding,
    zero_row,
)


def loops(ids: Any, table: Any) -> Any:
    """Right, in lists of Python's numbers; without titles an array, since lists have no width."""
    if not len(ids):
        return np.zeros((0, len(table[0])))
    found = []
    for title in np.asarray(ids).tolist():
        real = [list(map(float, table[one])) for one in title if one]
        found.append([max(column) for column in zip(*real, strict=True)] or [0.0] * len(table[0]))
    return [row or [0.0] * len(table[0]) for row in found]


def in_32_bits(ids: Any, table: Any) -> np.ndarray:
    return right_pool(ids, table).astype(np.float32)


def _minus_infinity(ids: Any, table: Any) -> np.ndarray:
    ids, table = np.asarray(ids), np.asarray(table, float)
    return np.where((ids > 0)[..., None], table[ids], -np.inf).max(axis=1)


RIGHT = {
    "sets padding to minus infinity": right_pool,
    "returns lists": loops,
    "returns 32-bit numbers": in_32_bits,
}
WRONG = {
    "pools row 0 of the table too": with_padding,
    "gives padding a 0": zero_for_padding,
    "lets a 0 take part in every title": zero_row,
    "stops at the first 0, so that padding in front ends a title": cut_at_first,
    "returns the mean": mean_pool,
    "returns minus infinity for a title without a token": _minus_infinity,
}

TASK = grading(
    "54.3",
    RIGHT,
    WRONG,
    hints=(
        "Try the task's own example first: a title, the same with more padding, the same with "
        "padding in front. What must be equal?",
        "A 0 for padding is seen only where every token's feature is negative, and the mean only "
        "where two tokens differ. What must a title without a token give?",
        "table = [[9, 9], [-1, -5], [-3, -2]]; assert np.allclose(pool([[1, 2], [2, 1]]), ...), "
        "then with 0 behind, with 0 in front, and for [[0, 0]]; compare by np.allclose, with "
        "np.array around ids and table.",
    ),
    insight=(
        "An example and two invariances catch all six; a test that asks for equal types would "
        "have refused right answers."
    ),
)
