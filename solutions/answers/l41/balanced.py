"""Task 41.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.balanced import MISTAKES, by_the_mean, right_balanced


def _pandas(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    table = pd.DataFrame({"score": scores, "twin": twins}).loc[list(twins)]
    sign = [-1 if task in errors else 1 for task in table.index]
    gain = sign * (table["score"] / table["twin"] - 1)
    # 1 / 3 - 1 is not (1 - 3) / 3 to the last bit, and a margin may lie on it.
    worst = gain.min()
    return gain.idxmin(), worst, gain.mean(), bool(worst >= -margin - 1e-12)


def _loop(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    worst, name, total = float("inf"), "", 0.0
    for task, twin in twins.items():
        difference = scores[task] - twin
        gain = (-difference if task in errors else difference) / twin
        total += gain
        if gain < worst:
            worst, name = gain, task
    return [name, worst, total / len(twins), worst >= -margin]


def _sum_of_scores(scores: Any, twins: Any, errors: Any, margin: float) -> Any:
    """Passes if the scores add up to more than the twins'."""
    task, worst, mean, _ = right_balanced(scores, twins, errors, margin)
    return task, worst, mean, sum(scores.values()) >= sum(twins.values()) - margin


PROOF = Proof(
    task="41.2",
    right=[_pandas, _loop, right_balanced],
    wrong=[
        Wrong(by_the_mean, "You let the mean decide", "E31", silent=True),
        *silent(MISTAKES),
        Wrong(_sum_of_scores, "the result must be", silent=True),
        Wrong(lambda *case: right_balanced(*case)[:3], "(task, worst, mean, passes)"),
        Wrong(lambda *case: (0, *right_balanced(*case)[1:]), "the task must be one of"),
        Wrong(lambda *case: (*right_balanced(*case)[:3], "yes"), "must be True or False"),
    ],
)
