"""Task 53.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.din import MISTAKES, right_din
from course_utils.exercises.l53.din_check import (
    _fills_in_place,
    _multiplies,
    _one_by_one,
    _with_padding,
)


def _flat(e: Any, c: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> Any:
    """Only the steps that are there, in one table; sums by row."""
    row, at = np.nonzero(mask)
    steps, wide = e[row, at], c[row]
    x = np.hstack([steps, wide, steps - wide, steps * wide])
    pooled = np.zeros(c.shape)
    np.add.at(pooled, row, (1 / (1 + np.exp(-x @ w1 - b1)) @ w2)[:, None] * steps)
    return pooled


PROOF = Proof(
    task="53.6",
    right=[_one_by_one, _flat],
    wrong=[
        *silent(MISTAKES),
        Wrong(_multiplies, "must not hold nan. 0 times nan"),
        Wrong(
            lambda e, *rest: _multiplies(np.where(np.isnan(e), 0.0, e), *rest),
            "e = np.array([[[inf, inf]",
        ),
        Wrong(
            lambda e, *rest: _with_padding(np.where(np.isfinite(e), e, 9.0), *rest),
            "the result at 0, 0 must be 0.7616, got 9.7616",
            silent=True,
        ),
        Wrong(_fills_in_place, "your function changes `e`", silent=True),
        Wrong(lambda *case: right_din(*case)[0], "must have shape (1, 1), got shape (1,)"),
    ],
)
