"""Task 22.2: the cosine of two tasks' gradients on the shared weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l22.cosine_slips import MISTAKES, Gradients, right_cosine
from course_utils.exercises.l22.shared import compare_numbers


def _drawn(seed: int, *shapes: tuple[int, ...], lost: tuple[int, int] = (-1, -1)) -> Any:
    """Two gradients; the first misses weight ``lost[0]``, the second ``lost[1]``."""
    draw = np.random.default_rng(seed)
    pair: tuple[Gradients, ...] = tuple(
        [draw.normal(size=shape).round(1) + 0.0 if shape else np.array(round(draw.normal(), 1))
         for shape in shapes]
        for _ in range(2)
    )  # fmt: skip
    for gradients, at in zip(pair, lost, strict=True):
        if at >= 0:
            gradients[at] = None
    return pair


CASES: list[tuple[Gradients, Gradients]] = [
    ([np.array([[3.0, 0.0]]), np.array([4.0])], [np.array([[0.0, 2.0]]), np.array([-1.0])]),
    _drawn(0, (2, 3), (3,)),
    ([np.array([3.0, 0.5]), np.array(0.0)], [np.array([0.1, 0.0]), np.array(-2.3)]),
    _drawn(1, (2, 2), (3, 2), (2,), lost=(-1, 0)),
    _drawn(2, (3, 2), (2, 2), (2,), lost=(1, -1)),
    _drawn(3, (2,), (2,), (3,), (2,), lost=(0, 1)),
    _drawn(4, (2, 2, 2), (), (4,), lost=(2, 2)),
    ([np.array([1.0, 2.0]), None], [None, np.array([[3.0]])]),
    ([np.array([0.0, 0.0]), np.array([[0.0]])], [np.array([1.0, -2.0]), np.array([[3.0]])]),
    ([np.array([2.0, -1.0]), None], [np.array([0.0, 0.0]), np.array([0.0])]),
    ([np.array([0.5]), np.array([1.0, 3.0])], [None, None]),
    ([None, None], [None, None]),
    ([np.zeros((2, 1))], [np.zeros((2, 1))]),
    ([np.array([2e-9, -1e-9]), np.array([3e-9])], [np.array([1e-9, 1e-9]), None]),
    ([np.array([[700.0, -300.0]]), None], [np.array([[-200.0, 900.0]]), np.array([500.0])]),
]


def check_cosine(answer: Any) -> None:
    compare_numbers(answer, "cosine", ("g_i", "g_j"), CASES, right_cosine, MISTAKES)


TASK = Task(
    id="22.2",
    prompt="Return the cosine of two tasks' whole gradients on the shared parameters.",
    check_answer=check_cosine,
    hints=(
        "Take three sums over all numbers of all arrays: the products, the squares of g_i, and the "
        "squares of g_j. Divide once, at the end.",
        "Where one entry is None the products are 0. The squares of the other entry still count.",
        "dot = sum(np.sum(a * b) for a, b in zip(g_i, g_j) if a is not None and b is not None); "
        "size = sum(np.sum(a**2) for a in g if a is not None) for each; return 0.0 if a size is "
        "0, else dot / np.sqrt(size_i * size_j).",
    ),
    insight="The cosine compares two steps at one moment of the training. Whether a task gains in "
    "the end is another question, and training answers it.",
)
