"""Task 31.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import log_expit

from answers import Proof, Wrong, silent
from course_utils.exercises.l31.cooled import MISTAKES, right_cooled


def _loop(z: Any, labels: Any, grid: Any) -> Any:
    best, least = None, math.inf
    for t in grid:
        loss = 0.0
        for one, y in zip(z, labels, strict=True):
            u = -one / t if y else one / t
            loss += max(u, 0.0) + math.log1p(math.exp(-abs(u)))
        if loss < least:
            best, least = t, loss
    return best


def _scipy(z: Any, labels: Any, grid: Any) -> Any:
    sign = np.where(np.asarray(labels) > 0, 1.0, -1.0)
    losses = [-log_expit(sign * np.asarray(z) / t).mean() for t in grid]
    return min(zip(losses, range(len(grid)), grid, strict=True))[2]


def _reverses(z: Any, labels: Any, grid: Any) -> Any:
    found = right_cooled(z, labels, grid)
    grid.reverse()
    return found


PROOF = Proof(
    task="31.3",
    right=[_loop, _scipy, right_cooled],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda z, labels, grid: math.nan, "must not be nan"),
        Wrong(_reverses, "changes `grid`", silent=True),
        Wrong(lambda z, labels, grid: grid, "must be one number"),
    ],
)
