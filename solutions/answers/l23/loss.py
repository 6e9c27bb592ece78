"""Task 23.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit, log_expit, rel_entr

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.loss import MISTAKES, right_loss


def _by_rel_entr(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    q, p = expit(z_t / T), expit(z / T)
    soft = rel_entr(q, p) + rel_entr(1 - q, 1 - p)
    hard = rel_entr(y, expit(z)) + rel_entr(1 - y, expit(-z))
    return np.average((1 - a) * hard + a * T * T * soft)


def _by_rows(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
    total = 0.0
    for label, mine, theirs in zip(y, z, z_t, strict=True):
        q = expit(theirs / T)
        hard = -log_expit(mine) if label == 1 else -log_expit(-mine)
        soft = q * (log_expit(theirs / T) - log_expit(mine / T))
        soft += (1 - q) * (log_expit(-theirs / T) - log_expit(-mine / T))
        total += (1 - a) * hard + a * T**2 * soft
    return float(total / len(y))


def _softmax_of_probabilities(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
    """The probabilities go through a softmax as if they were logits."""

    def again(one: Any) -> Any:
        p = expit(one)
        return (2 * p - 1) * 1.0

    return right_loss(y, z, again(z_t), a, T)


PROOF = Proof(
    task="23.1",
    right=[_by_rel_entr, _by_rows],
    wrong=[
        *silent(MISTAKES),
        Wrong(_softmax_of_probabilities, says="got 0.2711", silent=True),
        Wrong(lambda *case: round(right_loss(*case), 4), says="You rounded to 4", silent=True),
        Wrong(lambda *case: None, says="Did you forget a return?"),
    ],
)
