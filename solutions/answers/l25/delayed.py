"""Task 25.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l25.delayed import MISTAKES, right_loss


def _with_loops(p: Any, bought: Any, age: Any, mean: Any) -> Any:
    total = 0.0
    for chance, y, e in zip(p, bought, age, strict=True):
        total -= math.log(chance) if y else math.log(1 - chance + chance * math.exp(-e / mean))
    return total / len(p)


def _by_sides(p: Any, bought: Any, age: Any, mean: Any) -> Any:
    yes = bought.astype(bool)
    late = np.exp(-age[~yes] / mean)
    losses = np.concatenate([-np.log(p[yes]), -np.log((1 - p[~yes]) + p[~yes] * late)])
    return losses.sum() / losses.size


def _as_sum(p: Any, bought: Any, age: Any, mean: Any) -> Any:
    arrived = -np.expm1(-age / mean)
    return -(bought * np.log(p) + (1 - bought) * np.log1p(-p * arrived)).mean()


PROOF = Proof(
    task="25.5",
    right=[_with_loops, _by_sides, _as_sum],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: round(right_loss(*case), 4), "You rounded to 4 decimals", silent=True),
        Wrong(lambda p, y, e, m: -np.log(p), "must be one number"),
        Wrong(lambda *case: None, "got None"),
    ],
)
