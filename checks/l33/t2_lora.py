"""Task 33.2: a hidden layer with a low-rank addition, for the new task alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("33.2")
edit = right.edit


def _draw(seed: int, rows: int, d: int, h: int, r: int, alpha: float) -> Case:
    draw = np.random.default_rng(seed)
    x, weights, b, low, up = (
        draw.normal(size=shape).round(2) for shape in ((rows, d), (d, h), (h,), (d, r), (r, h))
    )
    return x, weights, b, low, up, alpha


CASES: list[Case] = [
    (
        np.array([[1.0, 2.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([0.0, -1.0]),
        np.array([[1.0], [0.0]]),
        np.array([[2.0, -3.0]]),
        1.0,
    ),
    _draw(0, 3, 3, 3, 3, 2.0),  # square: the wrong order has the right shape
    _draw(1, 4, 5, 3, 2, 8.0),
    _draw(2, 1, 2, 4, 1, 0.5),
    _draw(3, 6, 4, 2, 4, 1.0),
    _draw(6, 3, 2, 4, 3, -1.0),  # r > d, and a number below 0
    _draw(7, 2, 3, 2, 2, 0.0),
    # As it starts: B is 0.
    (*_draw(4, 3, 4, 5, 2, 4.0)[:4], np.zeros((2, 5)), 4.0),
    # Whole numbers.
    (
        np.array([[1, -2], [3, 4]]),
        np.array([[2, 1], [0, -1]]),
        np.array([1, 0]),
        np.array([[1, 1], [2, 0]]),
        np.array([[1, 0], [0, 3]]),
        3.0,
    ),
    (np.zeros((0, 2)), *_draw(5, 1, 2, 3, 1, 1.0)[1:]),
]

SCALE, ADDED, BASE = "alpha / A.shape[1]", "alpha / A.shape[1] * (x @ A) @ B", "x @ W + "
WHOLE = f"np.maximum({BASE}{ADDED} + b, 0)"

SLIPS = {
    "the addition is not scaled: its factor is alpha / r": edit({SCALE: "1.0"}),
    "the factor is alpha; divide it by r, the columns of A": edit({SCALE: "alpha"}),
    "the factor is alpha divided by the rows of A; r is the number of its columns": edit(
        {SCALE: "alpha / len(A)"}
    ),
    "the factor is alpha // r, a whole number; divide with /": edit({SCALE: "alpha // A.shape[1]"}),
    "the factor is alpha times r": edit({SCALE: "alpha * A.shape[1]"}),
    "the addition stands behind the ReLU: it belongs to the weights, before it": edit(
        {WHOLE: f"np.maximum(x @ W + b, 0) + {ADDED}"}
    ),
    "the ReLU is left out": edit({WHOLE: f"{BASE}{ADDED} + b"}),
    "the bias is scaled with the addition": edit({" + b,": f" + {SCALE} * b,"}),
    "there is a ReLU between A and B; that is an adapter. LoRA's addition is linear": edit(
        {"(x @ A)": "np.maximum(x @ A, 0)"}
    ),
    "W is left out: the addition is added to it": edit({BASE: ""}),
    "A and B are left out: that is the old layer": edit({f" + {ADDED}": ""}),
}


def _shown(case: Case) -> str:
    x, weights, _, low, _, alpha = case
    if np.size(x) > 4 or not np.size(x):
        return (
            f"lora of {len(x)} rows, d = {len(weights)}, m = {np.shape(weights)[1]}, "
            f"r = {np.shape(low)[1]}, alpha = {alpha:g}"
        )
    return call_of("lora", case)


def _read(got: Any, case: Case) -> np.ndarray:
    return as_array(got, _shown(case), (len(case[0]), np.shape(case[1])[1]))


TASK = checked(
    "33.2",
    "Return the hidden layer with the low-rank addition.",
    right,
    CASES,
    SLIPS,
    hints=(
        "The addition is a second matrix beside W, made of a tall one and a wide one.",
        "relu(x W + (alpha / r) x A B + b), with r = A.shape[1].",
        "return np.maximum(x @ W + alpha / A.shape[1] * (x @ A @ B) + b, 0).",
    ),
    insight="B starts at 0, so the new task starts from the old layer; r (d + m) numbers learn.",
    shown=_shown,
    read=_read,
)
