"""Task 33.2: a hidden layer with a low-rank addition, for the new task alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def _draw(seed: int, rows: int, d: int, h: int, r: int, alpha: float) -> Case:
    draw = np.random.default_rng(seed)
    x, weights, b, low, up = (
        draw.normal(size=shape).round(2) for shape in ((rows, d), (d, h), (h,), (d, r), (r, h))
    )
    return x, weights, b, low, up, alpha


_CASES: list[Case] = [
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


def right_lora(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return np.maximum(x @ W + alpha / np.shape(A)[1] * (x @ A) @ B + b, 0)


def _scaled(scale: Callable[[Any, float], float]) -> Callable[..., np.ndarray]:
    def run(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
        return np.maximum(x @ W + scale(A, alpha) * (x @ A @ B) + b, 0)

    return run


def behind(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return np.maximum(x @ W + b, 0) + alpha / np.shape(A)[1] * (x @ A @ B)


def no_relu(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return x @ W + b + alpha / np.shape(A)[1] * (x @ A @ B)


def bias_scaled(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return np.maximum(x @ W + alpha / np.shape(A)[1] * (x @ A @ B + b), 0)


def in_the_middle(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    inner = np.maximum(x @ A, 0)
    return np.maximum(x @ W + alpha / np.shape(A)[1] * (inner @ B) + b, 0)


def in_place_of_w(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return np.maximum(alpha / np.shape(A)[1] * (x @ A @ B) + b, 0)


def left_out(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    return np.maximum(np.asarray(x) @ W + b, 0)


def _turned(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> np.ndarray:
    """B A in place of A B, where the shapes allow it."""
    return np.maximum(x @ (W + alpha / np.shape(A)[1] * (np.asarray(B) @ A)) + b, 0)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the addition is not scaled: its factor is alpha / r": _scaled(lambda A, alpha: 1.0),
    "the factor is alpha; divide it by r, the columns of A": _scaled(lambda A, alpha: alpha),
    "the factor is alpha divided by the rows of A; r is the number of its columns": _scaled(
        lambda A, alpha: alpha / len(A)
    ),
    "the factor is alpha // r, a whole number; divide with /": _scaled(
        lambda A, alpha: alpha // np.shape(A)[1]
    ),
    "the factor is alpha times r": _scaled(lambda A, alpha: alpha * np.shape(A)[1]),
    "the addition stands behind the ReLU: it belongs to the weights, before it": behind,
    "the ReLU is left out": no_relu,
    "the bias is scaled with the addition": bias_scaled,
    "there is a ReLU between A and B; that is an adapter. LoRA's addition is linear": in_the_middle,
    "W is left out: the addition is added to it": in_place_of_w,
    "A and B are left out: that is the old layer": left_out,
}


def check_lora(answer: Any) -> None:
    names = ("x", "W", "b", "A", "B", "alpha")
    compare(leaving(answer, names, _told), _CASES, right_lora, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    x, weights, _, low, _, alpha = case
    if np.size(x) > 4 or not np.size(x):
        return (
            f"lora of {len(x)} rows, d = {len(weights)}, m = {np.shape(weights)[1]}, "
            f"r = {np.shape(low)[1]}, alpha = {alpha:g}"
        )
    return call_of("lora", case)


def _read(got: Any, case: Case) -> np.ndarray:
    return as_array(got, _told(case), (len(case[0]), np.shape(case[1])[1]))


TASK = Task(
    id="33.2",
    prompt="Return the hidden layer with the low-rank addition.",
    check_answer=check_lora,
    hints=(
        "The addition is a second matrix beside W, made of a tall one and a wide one.",
        "relu(x W + (alpha / r) x A B + b), with r = A.shape[1].",
        "return np.maximum(x @ W + alpha / A.shape[1] * (x @ A @ B) + b, 0).",
    ),
    insight="B starts at 0, so the new task starts from the old layer; r (d + m) numbers learn.",
)
