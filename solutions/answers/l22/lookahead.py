"""Task 22.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l22.lookahead_slips import MISTAKES, right_lookahead


def _by_loops(before: Any, after: Any) -> list[list[float]]:
    steps, tasks = before.shape
    found = [[math.nan] * tasks for _ in range(tasks)]
    for i in range(tasks):
        for j in range(tasks):
            some = [1 - after[t, i, j] / before[t, j] for t in range(steps) if before[t, j] != 0]
            if some:
                found[i][j] = sum(some) / len(some)
    return found


def _masked(before: Any, after: Any) -> Any:
    base = np.ma.masked_equal(np.broadcast_to(before[:, None], after.shape), 0)
    return (1 - after / base).mean(axis=0).astype(float).filled(np.nan)


def _column_by_column(before: Any, after: Any) -> Any:
    columns = []
    for j, losses in enumerate(before.T):
        kept = np.flatnonzero(losses)
        falls = (losses[kept, None] - after[kept, :, j]) / losses[kept, None]
        columns.append(falls.sum(axis=0) / (len(kept) or np.nan))
    return np.stack(columns, axis=1)


def _divides_in_place(before: Any, after: Any) -> Any:
    found = right_lookahead(before, after)
    if after.dtype == float:
        after /= 2
    return found


def _marks_in_place(before: Any, after: Any) -> Any:
    if before.dtype == float:
        before[before == 0] = np.nan
    found = np.nanmean(1 - after / before[:, None], axis=0)
    return found


def _ignores_order_of_axes(before: Any, after: Any) -> Any:
    """As if ``after`` were ``[K, K, T]``."""
    return right_lookahead(before, after).mean(axis=0)


def _above(limit: float) -> Any:
    """A loss below Keras's epsilon is no loss."""
    return lambda before, after: right_lookahead(np.where(before > limit, before, 0.0), after)


def _all_nan(before: Any, after: Any) -> Any:
    found = right_lookahead(before, after)
    return np.full_like(found, np.nan) if np.isnan(found).any() else found


def _still_masked(before: Any, after: Any) -> Any:
    base = np.ma.masked_equal(np.broadcast_to(before[:, None], after.shape), 0)
    return (1 - after / base).mean(axis=0)


def _one_for_nan(before: Any, after: Any) -> Any:
    return np.nan_to_num(right_lookahead(before, after), nan=1.0)


PROOF = Proof(
    task="22.3",
    right=[_by_loops, _masked, _column_by_column],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: right_lookahead(*case).round(2), "to 2 decimals", silent=True),
        Wrong(lambda *case: right_lookahead(*case).round(6), "to 6 decimals", silent=True),
        Wrong(_marks_in_place, "your function changes `before`", silent=True),
        Wrong(_divides_in_place, "your function changes `after`", silent=True),
        Wrong(_above(1e-7), "a small loss is taken for 0 (np.isclose does", silent=True),
        Wrong(_all_nan, "Z[0, 0] must be 0.36585365853658536, got nan.", silent=True),
        Wrong(_still_masked, "holds masked entries: end with .filled(np.nan)"),
        Wrong(_one_for_nan, "Z[0, 1] must be nan, got 1.0", silent=True),
        Wrong(_ignores_order_of_axes, "must have shape (2, 2), got shape (2,)"),
        Wrong(lambda before, after: None, "Did you forget a return?"),
    ],
)
