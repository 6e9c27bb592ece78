"""Task 22.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l22.boundary_line import right_boundary
from course_utils.exercises.l22.boundary_slips import MISTAKES


def _by_all_roots(cells: Any, across: float) -> float:
    line = sorted([(up, gain) for at, up, gain in cells if at == across])
    roots = [up for up, gain in line if not gain]
    for (u, g), (v, h) in pairwise(line):
        if min(g, h) < 0 < max(g, h):
            part = abs(g) / (abs(g) + abs(h))
            roots.append((1 - part) * u + part * v)
    return min(roots, default=math.nan)


def _with_arrays(cells: Any, across: float) -> Any:
    table = np.array(cells, float).reshape(-1, 3)
    table = table[table[:, 0] == across]
    ups, gains = table[np.argsort(table[:, 1]), 1:].T
    turns = np.flatnonzero(np.sign(gains[:-1]) * np.sign(gains[1:]) <= 0)
    if not len(turns):
        return ups[0] if len(ups) == 1 and gains[0] == 0 else float("nan")
    k = turns[0]
    if gains[k] == 0:
        return ups[k]
    return np.array(ups[k] - gains[k] * (ups[k + 1] - ups[k]) / (gains[k + 1] - gains[k]))


def _with_interp(cells: Any, across: float) -> Any:
    line = {up: gain for at, up, gain in cells if at == across}
    ups = sorted(line)
    for k, up in enumerate(ups):
        pair = sorted((line[one], one) for one in ups[max(k - 1, 0) : k + 1])
        if line[up] == 0:
            return up
        if pair[0][0] < 0 < pair[-1][0]:
            return np.interp(0.0, *np.array(pair).T)
    return np.float32("nan")


def _sorts_in_place(cells: Any, across: float) -> float:
    cells.sort()
    return right_boundary(cells, across)


def _eats_the_cells(cells: Any, across: float) -> float:
    found = right_boundary(cells, across)
    while cells and cells[-1][0] != across:
        cells.pop()
    return found


def _product(skip: bool, mark: str = "") -> Any:
    """The commonest idiom: a product that is 0 or less; two zeros side by side break it."""

    def answer(cells: Any, across: float) -> Any:
        line = sorted((up, gain) for at, up, gain in cells if at == across)
        if len(line) == 1 and line[0][1] == 0:
            return line[0][0]
        for (u, g), (v, h) in pairwise(line):
            if skip and g == h:
                continue
            if mark and g == h == 0:
                return v
            if g * h <= 0:
                return u + (v - u) * g / (g - h)
        return np.nan

    return answer


def _rounded(digits: int) -> Any:
    return lambda *case: round(right_boundary(*case), digits)


def _none(cells: Any, across: float) -> Any:
    found = right_boundary(cells, across)
    return None if np.isnan(found) else found


def _infinite(cells: Any, across: float) -> Any:
    found = right_boundary(cells, across)
    return np.inf if np.isnan(found) else found


PROOF = Proof(
    task="22.6",
    right=[_by_all_roots, _with_arrays, _with_interp],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded(2), "to 2 decimals", silent=True),
        Wrong(_rounded(6), "to 6 decimals", silent=True),
        Wrong(_product(False), "raised ZeroDivisionError", status="error"),
        Wrong(_product(True), "(3, 0.6, 0.01)], 3) must be 0.2000, got 0.4000.", silent=True),
        Wrong(_product(False, "v"), "(3, 0.4, 0.0), (3, 0.6, 0.01)], 3) must be 0.2", silent=True),
        Wrong(_sorts_in_place, "], 150): your function changes `cells`", silent=True),
        Wrong(_eats_the_cells, "], 400): your function changes `cells`", silent=True),
        Wrong(_infinite, "must be one number, or nan where there is none, got inf"),
        Wrong(_none, "must be one number, got None. For other inputs you return a value"),
        Wrong(lambda *case: [right_boundary(*case)] * 2, "must be one number, got list"),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
