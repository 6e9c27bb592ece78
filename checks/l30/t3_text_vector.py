"""Task 30.3: from vectors of tokens to one vector of length 1 a text."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("30.3")
edit, first, returning = right.edit, right.first, right.returning

_DRAW = np.random.default_rng(303)


def _drawn(lengths: list[int], T: int, d: int) -> Case:
    there = np.arange(T) < np.array(lengths)[:, None]
    return _DRAW.normal(size=(len(lengths), T, d)).round(1), there


CASES: list[Case] = [
    (np.array([[[3, 0], [0, 4], [9, 9]]]), np.array([[True, True, False]])),
    _drawn([3, 1, 2], 3, 2),
    _drawn([2, 4], 5, 3),
    _drawn([0, 2], 3, 2),
    _drawn([1], 1, 4),
    _drawn([4], 4, 1),
    (
        np.array([[[5.0, 1.0], [1.0, 2.0], [0.0, 7.0], [2.0, -1.0]]]),
        np.array([[False, True, False, True]]),
    ),
    (np.array([[[1e-5, 0.0], [0.0, 2e-5]], [[8.0, 1.0], [1.0, 1.0]]]), np.ones((2, 2), bool)),
    (np.array([[[1e-13, 0.0], [0.0, 2e-13]]]), np.ones((1, 2), bool)),
]

COUNTS = "np.maximum(there.sum(axis=1), 1)[:, None]"
TOTAL, LENGTH = "(H * there[:, :, None]).sum(axis=1)", "np.where(length > 0, length, 1.0)"
NORM = "np.linalg.norm(total, axis=1, keepdims=True)"
MEAN = {TOTAL: f"{TOTAL} / {COUNTS}"}

SMALL = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)

SLIPS = {
    "padding is in the mean": edit({TOTAL: "H.sum(axis=1)"}),
    "padding is in the mean (and an empty text gets zeros)": edit(
        {TOTAL: "H.sum(axis=1) * there.any(axis=1, keepdims=True)"}
    ),
    "the first token stands for the text: take the mean of those that are there": edit(
        {TOTAL: "H[:, 0] * there.any(axis=1, keepdims=True)"}
    ),
    "the highest number of each column is taken, not the mean": edit(
        {
            TOTAL: "np.where(there.any(axis=1, keepdims=True), "
            "np.where(there[:, :, None], H, -np.inf).max(axis=1), 0.0)"
        }
    ),
    "the mean has not been brought to length 1": edit(MEAN, {LENGTH: "1.0"}),
    "each token is brought to length 1 before the mean: do it after": first(
        "H = H / np.maximum(np.linalg.norm(H, axis=-1, keepdims=True), 1e-300)"
    ),
    "the numbers of all texts are divided by one length: each text has its own": edit(
        MEAN, {NORM: "np.linalg.norm(total)"}
    ),
    "each row is divided by the sum of its absolute values: length is the root of squares": edit(
        {NORM: "abs(total).sum(axis=1, keepdims=True)"}
    ),
    "each row is divided by its squared length: take the root": edit(
        MEAN, {NORM: "(total**2).sum(axis=1, keepdims=True)"}
    ),
    **{
        f"{small:g} is added to the length{name}: add nothing": edit(
            of, {LENGTH: f"(length + {small})"}
        )
        for small in SMALL
        for name, of in (("", MEAN), (" of the sum", {}))
    },
    **{
        f"lengths{name} below {small:g} are set to {small:g}: a length may be shorter": edit(
            of, {LENGTH: f"np.maximum(length, {small})"}
        )
        for small in SMALL
        for name, of in (("", MEAN), (" of the sum", {}))
    },
    "a very short vector gets zeros: only a length of 0 does": edit(
        MEAN, {LENGTH: "np.where(length > 1e-9, length, np.inf)"}
    ),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> np.ndarray:
    n, _, d = case[0].shape
    return as_array(value, f"{shown(case)}: the result", (n, d))


TASK = checked(
    "30.3",
    "The mean over the tokens that are there, each row brought to length 1.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Multiply by the mask, then sum over the tokens. What must not be divided by zero?",
        "(H * there[:, :, None]).sum(axis=1) has one row a text. Its direction is that of the "
        "mean, and the length is taken away anyway.",
        "s = (H * there[:, :, None]).sum(axis=1); n = np.linalg.norm(s, axis=1, keepdims=True); "
        "return s / np.where(n > 0, n, 1).",
    ),
    insight="With rows of length 1 a cosine is an inner product, so one matrix product searches.",
    shown=shown,
    read=_read,
    leaves=False,
)
