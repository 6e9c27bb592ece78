"""53.9: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from checks.l53.t9_ple_loss import LOG_LOSS, ROWS, right
from checks.proof import Proof, Wrong


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


_NAIVE = "-known * np.log(1 / (1 + np.exp(-z))) - (1 - known) * np.log(1 - 1 / (1 + np.exp(-z)))"


PROOF = Proof(
    task="53.9",
    right=[_task_by_task, _number_by_number],
    wrong=[
        Wrong(
            right.edit({LOG_LOSS: _NAIVE}),
            "got nan. 0 times nan is nan: replace the labels outside",
        ),
        Wrong(
            right.edit(
                {f"np.where(space, {LOG_LOSS}, 0.0)": "space * (np.logaddexp(0, z) - y * z)"}
            ),
            "epoch = 1\nthe result must be a finite number, got nan. 0 times nan",
        ),
        Wrong(
            right.edit({ROWS: "space.sum(axis=0)"}),
            "epoch = 2\nthe result must be a finite number, got nan. 0 / 0 is nan: a task without",
        ),
        Wrong(right.in_place("y[~space] = 0.0"), "your function changes `y`", silent=True),
    ],
)
