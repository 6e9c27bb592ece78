"""The inputs of task 12.3."""

from __future__ import annotations

import numpy as np


def _rows(seed: int, n: int, power: float) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    p = (draw.integers(1, 40, size=n) / 40).round(3)
    return (draw.random(n) < p**power).astype(int), p


CASES: list[tuple[np.ndarray, np.ndarray]] = [
    (np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])),
    (np.array([0, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.1, 0.7, 0.2, 0.05])),
    (np.array([0, 0, 1, 1, 0]), np.array([0.010001, 0.010002, 0.010003, 0.010004, 0.010002])),
    (np.array([1, 0, 1, 0, 0, 0]), np.array([0.3, 0.3, 0.6, 0.1, 0.1, 0.1])),
    (np.array([1, 1]), np.array([0.02, 0.03])),
    (np.array([1, 0, 0, 0, 1]), np.array([0.5, 0.3, 0.3, 0.3, 0.3])),
    (np.array([0, 0, 0, 1]), np.array([0.2, 0.9, 0.2, 0.2])),
    (np.array([0, 1, 1, 0, 0, 0, 1]), np.array([0.5, 0.95, 0.9, 0.4, 0.3, 0.2, 0.01])),
    _rows(1, 30, 2.0),
    _rows(2, 30, 3.0),
    # Both ends of a probability, one row, and neighbours that no grid and no rounding parts.
    (np.array([0, 1]), np.array([0.1, 0.9])),
    (np.array([0, 1, 0]), np.array([0.91, 0.95, 0.2])),
    (np.array([0, 0, 1, 1]), np.array([0.0, 0.5, 0.500001, 1.0])),
    (np.array([0, 1, 1]), np.array([0.1, 0.3333335001, 0.5])),
    (np.array([1, 0, 0]), np.array([1.0, 0.999, 0.3])),
    (np.array([1]), np.array([0.0])),
    (np.array([1, 0, 1]), np.array([1e-12, 1e-13, 1e-9])),
    # Counts that 8 bits do not hold.
    (np.repeat([1, 0, 1], [140, 60, 100]), np.repeat([0.9, 0.5, 0.2], [140, 60, 100])),
    # The best probability is among the highest of many rows: percentiles miss it. No more rows than
    # that needs, since the slow way, scikit-learn's F1 at each probability, is right as well.
    (np.repeat([0, 1, 0], [1, 2, 307]), np.repeat([0.95, 0.9, 0.1], [1, 2, 307])),
    # Equal probabilities with the true row first, and with it last: a sort leaves it at one end.
    (np.array([1, 1, 0, 0, 0, 0]), np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0.5])),
    (np.array([0, 0, 0, 0, 1, 1]), np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.9])),
]
