"""Task 31.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l31.power_law import MISTAKES, right_power_law


def _by_hand(n: Any, loss: Any, floor: float) -> Any:
    x = [math.log(one) for one in n]
    y = [math.log(one - floor) for one in loss]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum(
        (a - mx) ** 2 for a in x
    )
    return math.exp(my - slope * mx), -slope


def _tens(n: Any, loss: Any, floor: float) -> Any:
    line = stats.linregress(np.log10(np.asarray(n, float)), np.log10(np.array(loss, float) - floor))
    return [10**line.intercept, -line.slope]


def _no_zero(n: Any, loss: Any, floor: float) -> Any:
    """A small number, so that no logarithm is of zero."""
    return right_power_law(n, np.add(loss, 1e-3), floor)


def _sorts(n: Any, loss: Any, floor: float) -> Any:
    found = right_power_law(n, loss, floor)
    n.sort()
    return found


def _rounded(n: Any, loss: Any, floor: float) -> Any:
    a, b = right_power_law(n, loss, floor)
    return round(a, 3), round(b, 3)


PROOF = Proof(
    task="31.2",
    right=[_by_hand, _tens, right_power_law],
    wrong=[
        *silent(MISTAKES),
        Wrong(_no_zero, "a must be 1.0000, got 0.9274", silent=True),
        Wrong(_sorts, "changes `n`", silent=True),
        Wrong(_rounded, "Do not round", silent=True),
        Wrong(lambda n, loss, floor: right_power_law(n, loss, floor)[1], "must have shape (2,)"),
    ],
)
