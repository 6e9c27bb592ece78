"""Lesson 22: the line of task 22.6 and where it is 0."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

Cells = list[tuple[float, float, float]]
Line = list[tuple[float, float]]
Slip = Callable[[Cells, float], float]
Between = Callable[[float, float, float, float], float]


def line_of(cells: Cells, across: float) -> Line:
    return sorted((up, gain) for at, up, gain in cells if at == across)


def straight(u: float, g: float, v: float, h: float) -> float:
    return u + (v - u) * g / (g - h)


def crossings(line: Line, between: Between = straight, zeros: bool = True) -> list[float]:
    """In the order of the line; a gain of 0 is one by itself."""
    found = [up for up, gain in line[:1] if zeros and gain == 0]
    for (u, g), (v, h) in pairwise(line):
        if min(g, h) < 0 < max(g, h):
            found.append(between(u, g, v, h))
        if zeros and h == 0:
            found.append(v)
    return found


def first(found: list[float]) -> float:
    return float(found[0]) if found else np.nan


def right_boundary(cells: Cells, across: float) -> float:
    return first(crossings(line_of(cells, across)))
