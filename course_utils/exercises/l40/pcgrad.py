"""Task 40.4: PCGrad for two tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l40.shared import compare_arrays, pairs_of_gradients

Slip = Callable[[np.ndarray, np.ndarray], np.ndarray]

CASES = [
    *pairs_of_gradients(),
]

EDGES = [
    (np.array([2.0]), np.array([-3.0])),
    (np.array([0.0, 0.0]), np.array([1.0, 2.0])),
    (np.array([1.0, 0.0]), np.array([0.0, -2.0])),
    (np.array([1.0, 2.0]), np.array([-2.0, -4.0])),
    (np.array([100, 1], np.int8), np.array([100, 50], np.int8)),
    # Short integers, whose differences and products overflow; gradients as short as at the end.
    (np.array([100, 0], np.int8), np.array([-100, 50], np.int8)),
    (np.array([1e-6, 0.0]), np.array([-1e-6, 2e-6])),
]


def without(g: np.ndarray, h: np.ndarray, divide: float = 2.0) -> np.ndarray:
    """g without its part along h."""
    long = np.linalg.norm(h)
    return np.asarray(g - (g @ h) / long**divide * h) if long else np.asarray(g, float)


def by(project: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]) -> Slip:
    """The sum of both after ``project``, which is asked only where they conflict."""

    def found(g: np.ndarray, h: np.ndarray) -> np.ndarray:
        g, h = np.asarray(g, float), np.asarray(h, float)
        a, b = project(g, h) if g @ h < 0 else (g, h)
        return a + b

    return found


right_pcgrad = by(lambda g, h: (without(g, h), without(h, g)))


def _with_projected(g: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = without(g, h)
    return first, without(h, first) if first @ h < -1e-12 else h


def _own_length(g: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return g - (g @ h) / (g @ g) * h, h - (g @ h) / (h @ h) * g


def _always(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    g, h = np.asarray(g, float), np.asarray(h, float)
    return without(g, h) + without(h, g)


def _same_length(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    d, plain = right_pcgrad(g, h), np.linalg.norm(np.asarray(g, float) + h)
    return d * plain / np.linalg.norm(d)


def _short_type(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    inner = float(g @ h)
    if inner >= 0 or not (g @ g and h @ h):
        return np.asarray(g + h, float)
    return np.asarray(g - inner / float(h @ h) * h + h - inner / float(g @ g) * g, float)


def _small_added(g: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inner = g @ h
    return g - inner / (h @ h + 1e-12) * h, h - inner / (g @ g + 1e-12) * g


MISTAKES: dict[str, Slip] = {
    "short integers overflow in your products; np.asarray(g, float) first": _short_type,
    "a small number is added in the denominator; of two short gradients it is the greater part": by(
        _small_added
    ),
    "a conflict counts only beyond a small number; short gradients have small products": (
        lambda g, h: (
            right_pcgrad(g, h)
            if np.asarray(g, float) @ np.asarray(h, float) < -1e-6
            else np.asarray(g, float) + h
        )
    ),
    "a part is taken away where nothing conflicts": _always,
    "the second gradient is compared with the first one's result, with which nothing conflicts any "
    "more; use the original gradient": by(_with_projected),
    "only the second gradient gives way": by(lambda g, h: (g, without(h, g))),
    "the inner product is divided by the length; divide by its square": by(
        lambda g, h: (without(g, h, 1.0), without(h, g, 1.0))
    ),
    "the inner product is not divided": by(lambda g, h: (without(g, h, 0), without(h, g, 0))),
    "the inner product is divided by the projected gradient's own square": by(_own_length),
    "the mean is returned; the paper adds": lambda g, h: right_pcgrad(g, h) / 2,
    "the plain sum is returned": lambda g, h: np.asarray(g, float) + h,
    "the part along the other is added, not taken away": by(
        lambda g, h: (2 * g - without(g, h), 2 * h - without(h, g))
    ),
    "the result is stretched to the length of the plain sum": _same_length,
}


def check_pcgrad(answer: Any) -> None:
    compare_arrays(answer, "pcgrad", ("g", "h"), CASES, right_pcgrad, MISTAKES, EDGES)


TASK = Task(
    id="40.4",
    prompt="Return the sum of both gradients, each without its part along the other in a conflict.",
    check_answer=check_pcgrad,
    hints=(
        "Ask for the sign of g @ h first: at 0 or above the answer is the plain sum.",
        "g without its part along h is g - (g @ h) / (h @ h) * h. For h use the original g, too.",
        "With g and h as floats: if g @ h >= 0: return g + h; else return "
        "g - (g @ h) / (h @ h) * h + h - (g @ h) / (g @ g) * g.",
    ),
    insight="With two tasks a small step raises neither loss, to first order; with three the order "
    "counts and a conflict can stay.",
)
