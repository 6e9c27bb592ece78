"""Task 31.5: small indexes, drawn ones and those with equal products."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.comparing import Case


def _drawn(seed: int, n: int, cells: int, width: int = 2) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    vectors = np.round(draw.normal(size=(n, width)), 1)
    centres = np.round(draw.normal(size=(cells, width)), 1)
    return vectors, draw.integers(0, cells, n), centres, np.round(draw.normal(size=width), 1)


_TIE = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
CASES: list[Case] = [
    (_TIE, np.array([0, 1, 0, 1]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.2]), 1, 2),
    (*_drawn(0, 8, 3), 1, 3),
    (*_drawn(1, 9, 4), 2, 2),
    (*_drawn(2, 7, 3), 3, 7),
    (*_drawn(3, 6, 5), 1, 4),
    (_TIE, np.array([0, 0, 1, 1]), np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([1.0, 0.0]), 1, 4),
    (
        _TIE,
        np.array([2, 2, 2, 2]),
        np.array([[2.0, 0], [0, 2.0], [0, 0]]),
        np.array([1.0, 1.0]),
        2,
        3,
    ),
    (*_drawn(4, 12, 4, 3), 2, 5),
    (
        np.array([[1.0, 0.0], [1.0, 5.0]]),
        np.array([1, 0]),
        np.array([[1.0, 0.0], [0.5, 0.0]]),
        np.array([1.0, 0.0]),
        2,
        2,
    ),
    (
        np.array([[1.0, 0.0], [0.5, 0.0]] * 20),
        np.zeros(40, int),
        np.array([[1.0, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        5,
    ),
    (
        np.c_[[1.0, 1, 2, 2, 0, 0, 2, 2], np.zeros(8)],
        np.zeros(8, int),
        np.array([[1.0, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        3,
    ),
    (
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([0, 0]),
        np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        1,
    ),
]
