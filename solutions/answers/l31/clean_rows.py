"""Task 31.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l31.clean_rows import MISTAKES, right_clean_rows


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
        return right_clean_rows(rows, scores, noisy)
    share = (noisy - scores[-2]) / (scores[-1] - scores[-2])
    return float(rows[-2]) ** (1 - share) * float(rows[-1]) ** share


def _pops(rows: Any, scores: Any, noisy: float) -> Any:
    found = right_clean_rows(rows, scores, noisy)
    scores[0] = 0.0
    return found


PROOF = Proof(
    task="31.6",
    right=[_loop, _tens, right_clean_rows],
    wrong=[
        *silent(MISTAKES),
        Wrong(_straight_on, "0.95) must be", silent=True),
        Wrong(_pops, "changes `scores`", silent=True),
        Wrong(lambda rows, scores, noisy: math.nan, "must be a finite number"),
        Wrong(lambda rows, scores, noisy: rows, "must be one number"),
    ],
)
