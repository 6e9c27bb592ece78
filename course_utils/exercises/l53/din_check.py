"""Task "53.6 check": the learner's own test of DIN's attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.l53.din import (
    Array,
    _sigmoid,
    _softmax,
    by,
    first_candidate,
    from_the_left,
    right_din,
)


def _one_by_one(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> list[Any]:
    """Customer by customer, only the steps that are there; a list of lists."""
    pooled = []
    for steps, one, there in zip(e.astype(float), c.astype(float), mask, strict=True):
        total = np.zeros(len(one))
        for step in steps[np.asarray(there, bool)]:
            x = np.concatenate([step, one, step - one, step * one])
            total = total + (_sigmoid(x @ w1 + b1) @ w2) * step
        pooled.append(total.tolist())
    return pooled


def _last_digits(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    return right_din(e, c, mask, w1, b1, w2) * (1 - 1e-12)


def _with_padding(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    """All steps, padding too."""
    return right_din(e, c, np.ones_like(mask, dtype=bool), w1, b1, w2)


def _multiplies(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    """The mask times the weight: right as long as padding holds numbers."""
    wide = np.broadcast_to(c[:, None], e.shape)
    a = _sigmoid(np.concatenate([e, wide, e - wide, e * wide], axis=2) @ w1 + b1) @ w2
    return np.asarray((a * mask)[:, :, None] * e).sum(axis=1)


def _fails_on_nobody(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    for there in mask:
        np.flatnonzero(there)[0]
    return right_din(e, c, mask, w1, b1, w2)


def _fills_in_place(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    found = right_din(e, c, mask, w1, b1, w2)
    e[~np.asarray(mask, bool)] = 0.0
    return found


RIGHT: Answers = {
    "works on the whole batch": right_din,
    "goes customer by customer and returns a list": _one_by_one,
    "differs in the last digits": _last_digits,
}
WRONG: Answers = {
    "ignores the mask": _with_padding,
    "multiplies by the mask, so that nan at padding stays": _multiplies,
    "takes the mask for a length": by(from_the_left, fill=False),
    "puts a softmax over the weights": by(weigh=_softmax),
    "divides by the number of steps": by(mean=True),
    "gives all customers the first one's candidate": first_candidate,
    "leaves out the sigmoid": by(inner=lambda z: z),
    "leaves out the bias b1": by(bias=0.0),
    "takes c - e for e - c": by(inputs=lambda e, c: [e, c, c - e, e * c]),
    "fails on a customer without a step": _fails_on_nobody,
    "changes its arguments": _fills_in_place,
}

TASK = grading(
    "53.6",
    RIGHT,
    WRONG,
    hints=(
        "What does the mask promise? The result must not move when only padding does: try numbers, "
        "then nan, on the left, on the right, everywhere.",
        "Two customers with different candidates, two hidden units, one of them below 0: numbers "
        "by "
        "hand or a loop in your check. No weight and no bias is 0, or a part of the formula is not "
        "tested. np.allclose(got, want) takes lists too.",
        "Before the call keep copies; after it compare with np.array_equal(e, before, "
        "equal_nan=True).",
    ),
    insight="An invariant, here that padding may hold anything, tests more than another example "
    "does.",
)
