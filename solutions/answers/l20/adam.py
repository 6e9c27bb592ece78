"""Task 20.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l20.adam import MISTAKES, right_change


def _with_sums(g: Any, w: Any, rate: Any) -> Any:
    """m and v as sums over all steps so far, no state kept."""
    steps = np.tensordot(g, w, axes=(1, 0))
    total = 0.0
    for t in range(1, len(steps) + 1):
        ages = np.arange(t - 1, -1, -1)[:, None]
        m = (0.9**ages * steps[:t]).sum(0) / (0.9**ages).sum()
        v = (0.999**ages * steps[:t] ** 2).sum(0) / (0.999**ages).sum()
        total = total - rate * m / (v**0.5 + 1e-8)
    return total


def _number_by_number(g: Any, w: Any, rate: Any) -> list[float]:
    moved = []
    for place in range(g.shape[2]):
        x = m = v = 0.0
        for t in range(len(g)):
            gradient = sum(float(weight) * float(g[t, k, place]) for k, weight in enumerate(w))
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient * gradient
            x -= rate * (m / (1 - 0.9 ** (t + 1))) / ((v / (1 - 0.999 ** (t + 1))) ** 0.5 + 1e-8)
        moved.append(x)
    return moved


def _from_zero(g: Any, w: Any, rate: Any) -> Any:
    m = v = total = np.zeros(g.shape[2])
    for t, gradient in enumerate(np.einsum("tkd,k->td", g, w)):
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        total = total - rate * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return total


PROOF = Proof(
    task="20.4",
    right=[_with_sums, _number_by_number],
    wrong=[
        *silent(MISTAKES),
        Wrong(_from_zero, says="must not hold nan"),
        Wrong(lambda g, w, rate: right_change(g, w, rate)[0], says="must have shape (3,)"),
        Wrong(lambda g, w, rate: right_change(g, w, rate).round(6), says="rounded to 6 decimals"),
        Wrong(lambda g, w, rate: None, says="Did you forget a return?"),
    ],
)
