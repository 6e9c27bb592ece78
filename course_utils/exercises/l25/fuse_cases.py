"""The inputs of task 25.1."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case


def _request(seed: int, n: int, powers: tuple[float, float, float]) -> Case:
    draw = np.random.default_rng(seed)
    p, q, v = draw.random(n).round(3) + 0.001, draw.random(n).round(3) + 0.001, draw.random(n)
    return p, q, (90 * v + 1).round(2), powers


def _case(p: list[float], q: list[float], v: list[float], powers: tuple[Any, ...]) -> Case:
    return np.array(p, float), np.array(q, float), np.array(v, float), powers


CASES: list[Case] = [
    _case([0.5, 0.4, 0.5], [0.1, 0.2, 0.1], [9, 9, 9], (1, 1, 1)),
    _request(1, 8, (1, 1, 1)),
    _request(2, 9, (1, 0.5, 2)),
    _request(3, 7, (2, 1.5, 0.25)),
    # A zero comes last, whatever else the row has; several keep their order.
    _case([0.0, 0.2, 0.9, 0.3], [0.9, 0.1, 0.0, 0.2], [50, 1, 80, 2], (1, 1, 1)),
    # The zero's power is 0: it is left out.
    _case([0.1, 0.3, 0.2], [0.0, 0.5, 0.0], [10, 2, 30], (1, 0, 1)),
    _case([0.3, 0.2, 0.1], [0.2, 0.2, 0.2], [5, 5, 5], (0, 0, 0)),
    # Products that are 0 in floating point, and are not equal.
    _case([1e-200, 1e-200, 2e-200], [1e-150, 3e-150, 1e-150], [1, 1, 1], (1, 1, 1)),
    _case([3e-8, 5e-8, 2e-8], [1e-9, 1e-9, 1e-9], [4, 4, 4], (2, 1, 1)),
    # Equal rows among others.
    _case([0.2, 0.7, 0.2, 0.7, 0.2], [0.5, 0.1, 0.5, 0.1, 0.5], [3, 8, 3, 8, 3], (1, 2, 1)),
    _case([0.4], [0.0], [7], (1, 1, 1)),
    # Nearly equal is not equal.
    _case([0.3, 0.3 + 3e-8, 0.2], [0.5, 0.5, 0.5], [2, 2, 2], (1, 1, 1)),
    _case([0.3, 0.3 + 3e-11, 0.2], [0.5, 0.5, 0.5], [2, 2, 2], (1, 1, 1)),
    # Small and large in one request: dividing by the largest does not help.
    _case([0.9, 1e-200, 2e-200], [0.5, 1e-150, 1e-150], [1, 1, 1], (1, 1, 1)),
    # Too small for 32 bits, not for 64.
    _case([1e-60, 2e-60], [0.5, 0.5], [1, 1], (1, 1, 1)),
    # What has power 0 breaks no tie.
    _case([0.2, 0.9], [0.3, 0.3], [5, 5], (0, 1, 1)),
    _case([0.2, 0.2], [0.3, 0.3], [5, 9], (1, 1, 0)),
    # More rows than a sort that is not stable keeps in order by luck.
    _case([0.2, 0.7, 0.0, 0.4] * 12, [0.5, 0.1, 0.3, 0.2] * 12, [3, 8, 2, 5] * 12, (1, 1, 1)),
    _case([], [], [], (1, 1, 1)),
]
