"""31.6: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from checks.l31.t6_clean_rows import right
from checks.proof import Proof, Wrong


def _loop(rows: Any, scores: Any, noisy: float) -> Any:
    if noisy < scores[0]:
        return 0
    for k in range(len(rows)):
        if noisy == scores[k]:
            return float(rows[k])
        if k and noisy < scores[k]:
            share = (noisy - scores[k - 1]) / (scores[k] - scores[k - 1])
            return float(rows[k - 1]) ** (1 - share) * float(rows[k]) ** share
    return math.inf


def _tens(rows: Any, scores: Any, noisy: float) -> Any:
    found = np.interp(noisy, scores, np.log10(np.array(rows, float)), left=-np.inf, right=np.inf)
    return 10.0**found


def _straight_on(rows: Any, scores: Any, noisy: float) -> Any:
    """The last two points are drawn on beyond the curve."""
    if noisy <= scores[-1] or len(rows) == 1:
        return right(rows, scores, noisy)
    share = (noisy - scores[-2]) / (scores[-1] - scores[-2])
    return float(rows[-2]) ** (1 - share) * float(rows[-1]) ** share


PROOF = Proof(
    task="31.6",
    right=[_loop, _tens],
    wrong=[
        Wrong(_straight_on, "0.95) must be", silent=True),
        Wrong(right.in_place("scores[0] = 0.0"), "changes `scores`", silent=True),
        Wrong(right.returning("np.nan"), "must be a finite number"),
        Wrong(right.returning("rows"), "must be one number"),
    ],
)
