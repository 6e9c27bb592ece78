"""Task 41.8: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.experts import MISTAKES, right_experts


def _one_by_one(experts: int, active: int, tasks: int) -> Any:
    """Each further task finds a share of its experts new."""
    found = 0.0
    for _ in range(tasks):
        found += active * (1 - found / experts)
    return found


def _exact(experts: int, active: int, tasks: int) -> Any:
    left = Fraction(experts - active, experts) ** tasks
    return float(experts * (1 - left))


def _simulated(experts: int, active: int, tasks: int) -> Any:
    draw = np.random.default_rng(0)
    found = [
        len(
            {int(one) for _ in range(min(tasks, 20)) for one in draw.choice(experts, active, False)}
        )
        for _ in range(200)
    ]
    return float(np.mean(found))


PROOF = Proof(
    task="41.8",
    right=[_one_by_one, _exact, right_experts],
    wrong=[
        *silent(MISTAKES),
        Wrong(_simulated, "loaded(32, 2, 2) must be 3.8750", silent=True),
        Wrong(lambda experts, active, tasks: [1, 2], "must be one number"),
    ],
)
