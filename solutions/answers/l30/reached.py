"""Task 30.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l30.reached import MISTAKES, reached


def _by_array(sizes: list[int], scores: list[float], target: float) -> Any:
    has = np.asarray(scores) >= target
    if not has.any():
        return float("inf")
    at = int(has.argmax())
    if at == 0:
        return sizes[0]
    two = slice(at - 1, at + 1)
    return np.exp(np.interp(target, scores[two], np.log(sizes[two])))


def _by_power(sizes: list[int], scores: list[float], target: float) -> Any:
    if scores[0] >= target:
        return sizes[0]
    for k in range(1, len(sizes)):
        if scores[k] >= target:
            share = (target - scores[k - 1]) / (scores[k] - scores[k - 1])
            return np.array([sizes[k - 1] * (sizes[k] / sizes[k - 1]) ** share])
    return np.inf


PROOF = Proof(
    task="30.5",
    right=[_by_array, _by_power],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: round(reached(*case)) if np.isfinite(reached(*case)) else np.inf,
              "You rounded to 0 decimals", silent=True),
        Wrong(lambda *case: None if np.isinf(reached(*case)) else reached(*case), "got None"),
        Wrong(lambda *case: np.nan if np.isinf(reached(*case)) else reached(*case),
              "a number or infinity, got nan"),
        Wrong(lambda *case: (reached(*case), 1.0), "must be one number"),
    ],
)  # fmt: skip
