"""Task 23.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.launch import MISTAKES


def _by_test(results: Any, budget: float) -> str:
    found = "nobody"
    kept: Any = None
    for one in sorted(results, key=lambda result: result["cost"]):
        if one["cost"] > budget or abs(one["calibration"] - 1) > 0.1 + 1e-12:
            continue
        if kept is not None:
            gains = np.subtract(one["auc"], kept)
            test = stats.ttest_1samp(gains, 0.0)
            if not (test.pvalue < 0.05 and gains.mean() > 0):
                continue
        found, kept = one["name"], one["auc"]
    return found


def _by_hand(results: Any, budget: float) -> str:
    left = [r for r in results if r["cost"] <= budget and 0.9 <= r["calibration"] <= 1.1]
    names = {r["cost"]: r for r in left}
    kept = None
    for cost in sorted(names):
        one = names[cost]
        if kept is None:
            kept = one
            continue
        gains = np.array(one["auc"]) - np.array(kept["auc"])
        half = stats.t.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / len(gains) ** 0.5
        if gains.mean() - half > 0:
            kept = one
    return "nobody" if kept is None else str(kept["name"])


PROOF = Proof(
    task="23.6",
    right=[_by_test, _by_hand],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda results, budget: results[0], says="must be a name among the results"),
        Wrong(lambda results, budget: None, says="Did you forget a return?"),
    ],
)
