"""Task 53.6: DIN's attention for a batch, with a mask; and the learner's own test of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.6")
edit, first, returning = right.edit, right.first, right.returning


def _case(seed: int, d: int, h: int, masks: list[list[int]], pad: float) -> Case:
    """``pad`` stands where the mask is False."""
    draw = np.random.default_rng(seed)
    mask = np.array(masks, bool)
    e = draw.integers(-4, 5, (*mask.shape, d)) / 2
    e[~mask] = pad
    c, w1 = draw.integers(-4, 5, (len(mask), d)) / 2, draw.normal(size=(4 * d, h)).round(2)
    return e, c, mask, w1, draw.normal(size=h).round(2), draw.normal(size=h).round(2)


CASES: list[Case] = [
    (
        np.array([[[1.0], [-1.0], [np.nan]]]),
        np.array([[2.0]]),
        np.array([[True, True, False]]),
        np.array([[0.0], [0.0], [0.0], [1.0]]),
        np.array([0.0]),
        np.array([1.0]),
    ),
    _case(1, 2, 3, [[1, 1, 1]], 0.0),
    _case(2, 2, 3, [[1, 1, 0], [1, 1, 1]], 9.0),
    # Padding on the left, in the middle, everywhere.
    _case(3, 1, 4, [[0, 0, 1, 1], [1, 0, 1, 1], [0, 0, 0, 0]], np.nan),
    _case(4, 3, 2, [[1], [0]], np.nan),
    _case(5, 2, 2, [[0, 1, 0]], -5.0),
    _case(6, 2, 2, [[0, 1, 1], [1, 1, 0]], np.inf),
]

FILLED, WEIGHTS = "e = np.where(mask[:, :, None], e, 0.0)", "weight[:, :, None]"
INNER, SIGMOID = "inputs @ w1 + b1", "1 / (1 + np.exp(-(inputs @ w1 + b1)))"

LENGTHS = first(
    "mask = np.arange(mask.shape[1]) < mask.sum(axis=1)[:, None]\n"
    "e = np.where(np.isfinite(e), e, 0.0)"
)
SOFTMAX = edit(
    {
        "    return": "    share = np.where(mask, np.exp(weight), 0.0)\n"
        "    weight = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)\n    return"
    }
)
MEAN = edit({".sum(axis=1)": ".sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]"})
NO_SIGMOID, NO_BIAS = edit({SIGMOID: f"({INNER})"}), edit({" + b1": ""})
C_MINUS_E = edit({"e - wide": "wide - e"})
FIRST_CANDIDATE = first("c = np.broadcast_to(c[:1], c.shape)")

SLIPS = {
    "the mask is taken for a length: padding may stand anywhere": LENGTHS,
    "the weights are put through a softmax; the paper leaves that out": SOFTMAX,
    "the sum is divided by the number of steps": MEAN,
    "the inner layer has a relu, not a sigmoid": edit({SIGMOID: f"np.maximum({INNER}, 0)"}),
    "the inner layer has no sigmoid": NO_SIGMOID,
    "the weights are kept above 0": edit({WEIGHTS: "np.maximum(weight, 0)[:, :, None]"}),
    "the bias b1 is left out": NO_BIAS,
    "c stands before e in the inputs": edit({"[e, wide,": "[wide, e,"}),
    "the difference is c - e": C_MINUS_E,
    "all customers get the first one's candidate": FIRST_CANDIDATE,
    "no step is weighed: it is the plain sum": edit({f"({WEIGHTS} * e)": "e"}),
}

TASK = checked(
    "53.6",
    "Return each customer's steps, weighed by their candidate, without what is padding.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Write the shapes first: e (B, T, d), c (B, 1, d) as wide as e, inputs (B, T, 4d), weights "
        "(B, T), result (B, d).",
        "0 * nan is nan: replace what stands at padding before you multiply, e = np.where(mask[:, "
        ":, None], e, 0.0).",
        "wide = np.broadcast_to(c[:, None], e.shape); z = np.concatenate([e, wide, e - wide, e * "
        "wide], axis=2) @ w1 + b1; a = 1 / (1 + np.exp(-z)) @ w2; np.einsum('bt,btd->bd', a, e).",
    ),
    insight="A padded step of zeros has a weight too, σ(b1) w2: here it multiplies 0, in a softmax "
    "it would cost the others.",
    not_finite="0 times nan, or times infinity, is nan: replace what stands at padding before you "
    "multiply; a product with a mask of zeros does not help.",
)


def one_by_one(e: Any, c: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> list[Any]:
    """Only the steps that are there; a list of lists."""
    pooled = []
    for steps, candidate, there in zip(e.astype(float), c.astype(float), mask, strict=True):
        total = np.zeros(len(candidate))
        for step in steps[np.asarray(there, bool)]:
            x = np.concatenate([step, candidate, step - candidate, step * candidate])
            total = total + 1 / (1 + np.exp(-(x @ w1 + b1))) @ w2 * step
        pooled.append(total.tolist())
    return pooled


RIGHT: Answers = {
    "works on the whole batch": right,
    "goes customer by customer and returns a list": one_by_one,
    "differs in the last digits": returning("result * (1 - 1e-12)"),
}
WRONG: Answers = {
    "ignores the mask": first("mask = np.ones_like(mask)"),
    "multiplies by the mask, so that nan at padding stays": edit(
        {FILLED: "pass", WEIGHTS: "(weight * mask)[:, :, None]"}
    ),
    "takes the mask for a length": LENGTHS,
    "puts a softmax over the weights": SOFTMAX,
    "divides by the number of steps": MEAN,
    "gives all customers the first one's candidate": FIRST_CANDIDATE,
    "leaves out the sigmoid": NO_SIGMOID,
    "leaves out the bias b1": NO_BIAS,
    "takes c - e for e - c": C_MINUS_E,
    "fails on a customer without a step": first("[np.flatnonzero(steps)[0] for steps in mask]"),
    "changes its arguments": right.in_place("e[~np.asarray(mask, bool)] = 0.0"),
}

CHECK = grading(
    "53.6",
    RIGHT,
    WRONG,
    hints=(
        "What does the mask promise? The result must not move when only padding does: try numbers, "
        "then nan, on the left, on the right, everywhere.",
        "Two customers with different candidates, two hidden units, one of them below 0: numbers "
        "by hand or a loop in your check. No weight and no bias is 0, or a part of the formula is "
        "not tested. np.allclose(got, want) takes lists too.",
        "Before the call keep copies; after it compare with np.array_equal(e, before, "
        "equal_nan=True).",
    ),
    insight="An invariant, here that padding may hold anything, tests more than another example "
    "does.",
)
