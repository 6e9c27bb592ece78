"""Task 41.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.balanced import MISTAKES, by_the_mean, right_balanced


def _pandas(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    table = pd.DataFrame({"score": scores, "twin": twins}).loc[list(twins)]
    error = table.index.isin(list(errors))
    learned = table - np.where(error, 0.0, 0.5)[:, None]
    gain = np.where(error, -1, 1) * (learned["score"] / learned["twin"] - 1)
    # 1 / 3 - 1 is not (1 - 3) / 3 to the last bit, and a margin may lie on it.
    worst = gain.min()
    return gain.idxmin(), worst, gain.mean(), bool(worst >= -margin - 1e-12)


def _loop(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    worst, name, total = float("inf"), "", 0.0
    for task, twin in twins.items():
        difference = scores[task] - twin
        gain = -difference / twin if task in errors else difference / (twin - 1 / 2)
        total += gain
        if gain < worst:
            worst, name = gain, task
    return [name, worst, total / len(twins), worst >= -margin]


def _starts_at(first: float) -> Any:
    """A loop for the least gain that starts at a number of its own."""

    def run(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
        name, worst, gains = None, first, []
        for task in twins:
            _, gain, _, _ = right_balanced({task: scores[task]}, {task: twins[task]}, errors, 0.0)
            gains.append(gain)
            if gain < worst:
                name, worst = task, gain
        return name, worst, sum(gains) / len(gains), worst >= -margin

    return run


def _sum_of_scores(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    """Passes if the scores add up to more than the twins'."""
    task, worst, mean, _ = right_balanced(scores, twins, errors, margin)
    return task, worst, mean, sum(scores.values()) >= sum(twins.values()) - margin


def _rounded(*case: Any) -> Any:
    task, worst, mean, passes = right_balanced(*case)
    return task, round(worst, 3), round(mean, 3), passes


PROOF = Proof(
    task="41.2",
    right=[_pandas, _loop, right_balanced],
    wrong=[
        Wrong(by_the_mean, "You let the mean decide", "E31", silent=True),
        *silent(MISTAKES),
        Wrong(_sum_of_scores, "the last entry must be", silent=True),
        Wrong(_rounded, "You rounded to 3 decimals", silent=True),
        Wrong(_starts_at(0.0), "no task is named"),
        Wrong(_starts_at(1.0), "starts at a number of its own"),
        Wrong(lambda *case: right_balanced(*case)[:3], "(task, worst, mean, passes)"),
        Wrong(lambda *case: (0, *right_balanced(*case)[1:]), "the task must be one of"),
        Wrong(lambda *case: (*right_balanced(*case)[:3], "yes"), "must be True or False"),
    ],
)
