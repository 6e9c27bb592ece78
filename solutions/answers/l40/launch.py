"""Task 40.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.launch import MISTAKES, right_launch


def _with_scipy(joint: Any, twin: Any, x: float) -> Any:
    words = {}
    for task, losses in joint.items():
        harm = np.subtract(losses, twin[task])
        if np.ptp(harm) == 0:
            low = high = harm[0]
        else:
            low, high = stats.t.interval(0.95, len(harm) - 1, harm.mean(), stats.sem(harm))
        words[task] = "roll back" if low > x else "measure more" if high > x else "accept"
    return words


def _with_test(joint: Any, twin: Any, x: float) -> Any:
    found = {}
    for task in reversed(list(joint)):
        harm = [a - b for a, b in zip(joint[task], twin[task], strict=True)]
        n = len(harm)
        mean = sum(harm) / n
        error = (sum((one - mean) ** 2 for one in harm) / (n - 1) / n) ** 0.5
        reach = float(stats.t.isf(0.025, n - 1)) * error
        small, large = mean + reach <= x, mean - reach > x
        found[task] = ["measure more", "accept", "roll back"][small + 2 * large]
    return found


def _sorts(joint: Any, twin: Any, x: float) -> Any:
    found = right_launch(joint, twin, x)
    for losses in joint.values():
        losses.sort()
    return found


PROOF = Proof(
    task="40.7",
    right=[_with_scipy, _with_test],
    wrong=[
        *silent(MISTAKES),
        Wrong(_sorts, "your function changes `joint`", silent=True),
        Wrong(lambda joint, twin, x: dict.fromkeys(joint, "ok"), "needs one of"),
        Wrong(lambda joint, twin, x: "accept", "must be a dictionary with one word a task"),
        Wrong(lambda joint, twin, x: None, "Did you forget a return?"),
    ],
)
