"""Task 53.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.ple_loss import MISTAKES, _naive, by, right_ple_loss


def _task_by_task(z: Any, y: Any, space: Any, w: Any, decay: Any, step: int) -> Any:
    total = 0.0
    for k in range(z.shape[1]):
        rows = np.flatnonzero(space[:, k])
        if len(rows):
            sure = np.where(y[rows, k] == 1, -z[rows, k], z[rows, k])
            total += w[k] * decay[k] ** step * np.logaddexp(0, sure).mean()
    return total


def _number_by_number(z: Any, y: Any, space: Any, w: Any, decay: Any, step: int) -> Any:
    def loss(one: float, label: float) -> float:
        one = -one if label == 1 else one
        return max(one, 0.0) + math.log1p(math.exp(-abs(one)))

    total = np.zeros(1)
    for k, weight in enumerate(w * decay**step):
        found = [
            loss(float(a), float(b))
            for a, b, there in zip(z[:, k], y[:, k], space[:, k], strict=True)
            if there
        ]
        total += weight * sum(found) / max(len(found), 1)
    return total


def _with_nan(z: Any, y: Any, space: Any, w: Any, decay: Any, step: int) -> Any:
    """A product with the indicator: 0 times nan is nan."""
    loss = (space * (np.logaddexp(0, z) - y * z)).sum(axis=0) / np.maximum(space.sum(axis=0), 1)
    return (w * decay**step * loss).sum()


def _no_row(z: Any, y: Any, space: Any, w: Any, decay: Any, step: int) -> Any:
    """The mean of nothing."""
    return right_ple_loss(z, y, space, w, decay, step) if space.any(axis=0).all() else np.nan


def _in_place(z: Any, y: Any, space: Any, *rest: Any) -> Any:
    y[~space] = 0.0
    return right_ple_loss(z, y, space, *rest)


PROOF = Proof(
    task="53.9",
    right=[_task_by_task, _number_by_number],
    wrong=[
        *silent(MISTAKES),
        Wrong(by(loss=_naive), "got nan. 0 times nan is nan: replace the labels outside"),
        Wrong(_with_nan, "epoch = 1\nthe result must be a finite number, got nan. 0 times nan"),
        Wrong(
            _no_row,
            "epoch = 2\nthe result must be a finite number, got nan. 0 / 0 is nan: a task without",
        ),
        Wrong(_in_place, "your function changes `y`", silent=True),
        Wrong(lambda *case: round(right_ple_loss(*case), 3), "rounded to 3 decimals", silent=True),
        Wrong(lambda *case: [right_ple_loss(*case)] * 2, "must be one number"),
    ],
)
