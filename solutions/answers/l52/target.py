"""Task 52.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l52.target import MISTAKES, right_attention


def _step_by_step(c: Any, e: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> Any:
    v = np.zeros(len(c))
    for step, there in zip(e, mask, strict=True):
        if there:
            x = [*step, *c, *(step - c), *(step * c)]
            hidden = [1 / (1 + math.exp(-(np.dot(x, w1[:, k]) + b1[k]))) for k in range(len(b1))]
            v = v + np.dot(hidden, w2) * step
    return v


def _in_parts(c: Any, e: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> Any:
    """The first layer is linear: its four blocks may be joined before."""
    of_e, of_c, of_difference, of_product = np.split(w1, 4)
    z = e @ (of_e + of_difference) + c @ (of_c - of_difference) + (e * c) @ of_product + b1
    return ((0.5 * (1 + np.tanh(z / 2)) @ w2)[mask > 0, None] * e[mask > 0]).sum(axis=0)


PROOF = Proof(
    task="52.9",
    right=[_step_by_step, _in_parts],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: right_attention(*case)[:, None], "must have shape"),
        Wrong(lambda *case: right_attention(*case).round(3), "You rounded to 3", silent=True),
    ],
)
