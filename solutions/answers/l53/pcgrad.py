"""Task 53.11: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.balancing.pcgrad import surgery
from course_utils.exercises.l53.pcgrad import MISTAKES, right_pcgrad
from course_utils.exercises.l53.pcgrad_check import (
    _fails_on_zeros,
    _in_place,
    _one_by_one,
)


def _library(grads: Any, orders: Any) -> Any:
    """Weights from inner products alone."""
    grads = grads.astype(float)
    return surgery(grads @ grads.T, [np.array(one, int) for one in orders]) @ grads


def _divides_by_zero(grads: Any, orders: Any) -> Any:
    if (grads == 0).all(axis=1).any():
        return np.full(grads.shape[1], np.nan)
    return right_pcgrad(grads, orders)


PROOF = Proof(
    task="53.11",
    right=[_library, _one_by_one],
    wrong=[
        *silent(MISTAKES),
        Wrong(_in_place, "your function changes `grads`", silent=True),
        Wrong(_divides_by_zero, "must not hold nan. A gradient of 0 conflicts with none"),
        Wrong(_fails_on_zeros, "ZeroDivisionError", status="error"),
        Wrong(lambda *case: right_pcgrad(*case).round(2), "rounded to 2 decimals", silent=True),
        Wrong(lambda grads, orders: grads, "must have shape (2,), got shape (2, 2)"),
    ],
)
