"""Task 11.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l11.ndcg import MISTAKES, Grades, right_ndcg


def _with_numpy(shown: Grades, judged: Grades, k: int) -> Any:
    def dcg(grades: Grades) -> Any:
        gains = np.exp2(np.asarray(grades[:k], dtype=float)) - 1
        return (gains / np.log2(np.arange(len(gains)) + 2)).sum()

    ideal = dcg(np.sort(judged)[::-1].tolist())
    return np.float64(0) if ideal == 0 else dcg(shown) / ideal


def _natural_logarithm(shown: Grades, judged: Grades, k: int) -> Any:
    """The base of the logarithm cancels."""
    ideal = sorted(judged)[::-1]
    sums = [0.0, 0.0]
    for at in range(k):
        for which, grades in enumerate((shown, ideal)):
            if at < len(grades):
                sums[which] += (2 ** grades[at] - 1) / math.log(at + 2)
    return [sums[0] / sums[1] if sums[1] > 0 else 0]


def _with_nan(shown: Grades, judged: Grades, k: int) -> float:
    return right_ndcg(shown, judged, k) if any(judged) else math.nan


PROOF = Proof(
    task="11.1",
    right=[_with_numpy, _natural_logarithm],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda s, j, k: round(right_ndcg(s, j, k), 6), "to 6 decimals", silent=True),
        Wrong(lambda s, j, k: right_ndcg(s, j, k) + 1e-7, "are near, not equal", silent=True),
        Wrong(_with_nan, "must be a finite number, got nan"),
        Wrong(lambda shown, judged, k: None, "Did you forget a return?"),
    ],
)
