"""31.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import log_expit

from checks.l31.t3_temperature import right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="31.3",
    right=[_loop, _scipy],
    wrong=[
        Wrong(right.returning("np.nan"), "must not be nan"),
        Wrong(right.in_place("grid.reverse()"), "changes `grid`", silent=True),
        Wrong(right.returning("grid"), "must be one number"),
    ],
)
