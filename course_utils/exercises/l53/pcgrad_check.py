"""Task "53.11 check": the learner's own test of PCGrad."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.l53.pcgrad import Array, by, right_pcgrad, short_type


def _one_by_one(grads: Any, orders: Any) -> list[float]:
    """Plain numbers, a list at the end."""
    rows = np.asarray(grads, float).tolist()
    total = [0.0] * len(rows[0])
    for g, order in zip(rows, orders, strict=True):
        mine = list(g)
        for j in order:
            dot = sum(a * b for a, b in zip(mine, rows[j], strict=True))
            if dot < 0:
                part = dot / sum(b * b for b in rows[j])
                mine = [a - part * b for a, b in zip(mine, rows[j], strict=True)]
        total = [a + b for a, b in zip(total, mine, strict=True)]
    return total


def _last_digits(grads: Array, orders: Any) -> Array:
    return right_pcgrad(grads, orders) * (1 + 1e-12)


def _in_place(grads: Array, orders: Any) -> Array:
    """Projects the rows of its argument at the end, as `g = grads[i]` without a copy does."""
    found = right_pcgrad(grads, orders)
    grads[0] = found
    return found


def _fails_on_zeros(grads: Array, orders: Any) -> Array:
    for g in grads.astype(float):
        1 / float(g @ g)
    return right_pcgrad(grads, orders)


RIGHT: Answers = {
    "works on arrays": right_pcgrad,
    "goes number by number and returns a list": _one_by_one,
    "differs in the last digits": _last_digits,
}
WRONG: Answers = {
    "returns the plain sum": by(conflict=lambda dot: False),
    "projects where nothing conflicts": by(conflict=lambda dot: True),
    "projects off gradients that are projected already": by(against="projected"),
    "ignores the orders": by(order=lambda i, orders, n: [j for j in range(n) if j != i]),
    "asks for the conflict of the gradient as it came": by(ask="as it came"),
    "divides by the length, not by its square": by(divide=lambda g, h: float(h @ h) ** 0.5),
    "leaves every task but the first as it came": by(
        order=lambda i, orders, n: orders[i] if i == 0 else []
    ),
    "returns the mean": by(total=lambda rows: np.asarray(rows.mean(axis=0))),
    "fails on a gradient of zeros": _fails_on_zeros,
    "lets 8-bit numbers overflow": short_type(np.int8),
    "changes its arguments": _in_place,
}

TASK = grading(
    "53.11",
    RIGHT,
    WRONG,
    hints=(
        "Two tasks find few of them. With three, try two orders of the same gradients: the results "
        "must differ, each in its way.",
        "By hand: gradients that do not conflict give the plain sum; one of zeros changes nothing; "
        "np.array([[100, 0], [-100, 50]], np.int8) is within the contract.",
        "Or a second implementation in your check, on seeded draws of 3 or 4 gradients with "
        "permutations of the others. Compare with np.allclose; keep a copy for what must not "
        "change.",
    ),
    insight="The order of three tasks, and types: the two things that an example with two floats "
    "never shows.",
)
