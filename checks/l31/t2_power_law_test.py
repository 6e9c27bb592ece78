"""31.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from checks.l31.t2_power_law import right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="31.2",
    right=[_by_hand, _tens],
    wrong=[
        # A small number, so that no logarithm is of zero.
        Wrong(
            right.first("loss = np.add(loss, 1e-3)"), "a must be 1.0000, got 0.9274", silent=True
        ),
        Wrong(right.in_place("n.sort()"), "changes `n`", silent=True),
        Wrong(
            right.returning("(round(result[0], 3), round(result[1], 3))"),
            "Do not round",
            silent=True,
        ),
        Wrong(right.returning("result[1]"), "must have shape (2,)"),
    ],
)
