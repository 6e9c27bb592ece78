"""Task 40.5: MGDA for two tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l40.shared import compare_arrays, pairs_of_gradients

Slip = Callable[[np.ndarray, np.ndarray], np.ndarray]

CASES = [
    (np.array([1.0, 0.0]), np.array([0.0, 10.0])),
    *pairs_of_gradients(),
]

EDGES = [
    (np.array([2.0]), np.array([-3.0])),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0])),
    (np.array([0.0, 0.0]), np.array([1.0, 2.0])),
    (np.array([1.0, 2.0]), np.array([-2.0, -4.0])),
    # Near, and not equal.
    (np.array([1.000005, 2.0]), np.array([1.0, 2.0])),
    # Short integers, whose differences and products overflow; gradients as short as at the end.
    (np.array([100, 0], np.int8), np.array([-100, 50], np.int8)),
    (np.array([1e-6, 0.0]), np.array([-1e-6, 2e-6])),
]


def share(g: np.ndarray, h: np.ndarray) -> float:
    """w of g, not cut to 0 ... 1."""
    apart = np.asarray(h, float) - g
    return float(apart @ h / (apart @ apart)) if apart.any() else 0.5


def mixed(w: float, g: np.ndarray, h: np.ndarray) -> np.ndarray:
    return np.asarray(w * np.asarray(g, float) + (1 - w) * np.asarray(h, float))


def cut(w: float) -> float:
    return min(max(w, 0.0), 1.0)


def right_mgda(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    return mixed(cut(share(g, h)), g, h)


def _of_units(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    a, b = (x / np.linalg.norm(x) for x in (g, h))
    return mixed(cut(share(a, b)), a, b)


def _not_squared(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    apart = np.asarray(h, float) - g
    return mixed(cut(float(apart @ h / np.linalg.norm(apart))), g, h)


def _by_length(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    a, b = np.linalg.norm(g), np.linalg.norm(h)
    return mixed(float(b / (a + b)), g, h)


def _short_type(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    apart = h - g
    square = float(apart @ apart)
    return mixed(cut(float(apart @ h) / square if square else 0.5), g, h)


def _small_added(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    apart = np.asarray(h, float) - g
    return mixed(cut(float(apart @ h / (apart @ apart + 1e-12))), g, h)


MISTAKES: dict[str, Slip] = {
    "short integers overflow in your products; np.asarray(g, float) first": _short_type,
    "a small number is added in the denominator; of two short gradients it is the greater part": (
        _small_added
    ),
    "the weight is not kept between 0 and 1": lambda g, h: mixed(share(g, h), g, h),
    "the weights of the two are exchanged": lambda g, h: mixed(1 - cut(share(g, h)), g, h),
    "the mean of both gradients is returned": lambda g, h: mixed(0.5, g, h),
    "the gradients are made unit vectors first": _of_units,
    "the inner product is divided by the length of the difference; divide by its square": (
        _not_squared
    ),
    "the weights only balance the lengths; the angle counts too": _by_length,
    "the shorter of the two gradients is returned": lambda g, h: mixed(
        float(np.linalg.norm(g) <= np.linalg.norm(h)), g, h
    ),
    "the sum of both gradients is returned": lambda g, h: 2 * mixed(0.5, g, h),
    "nearly equal gradients are taken as equal": lambda g, h: (
        np.asarray(g, float) if np.allclose(g, h) else right_mgda(g, h)
    ),
    "the step is returned, minus d; return d": lambda g, h: -right_mgda(g, h),
}


def check_mgda(answer: Any) -> None:
    compare_arrays(answer, "mgda", ("g", "h"), CASES, right_mgda, MISTAKES, EDGES)


TASK = Task(
    id="40.5",
    prompt="Return the shortest vector w g + (1 - w) h with w between 0 and 1.",
    check_answer=check_mgda,
    hints=(
        "||w g + (1 - w) h||^2 is a parabola in w: set its slope to 0, then keep w in 0 ... 1.",
        "With the difference h - g the vector is h - w (h - g), and the slope is 0 at "
        "w = (h - g) . h / ||h - g||^2.",
        "With g and h as floats: apart = h - g; w = np.clip(apart @ h / (apart @ apart), 0, 1); "
        "return w * g + (1 - w) * h. Where g equals h, return g.",
    ),
    insight="MGDA favours the short gradient: where two are orthogonal and one is ten times as "
    "long, the short one weighs .99.",
)
