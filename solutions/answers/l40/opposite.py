"""Task 40.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.opposite import MISTAKES, right_opposite


def _by_loops(g: Any, h: Any) -> float:
    rows = list(zip(g.tolist(), h.tolist(), strict=True))
    sums = [[sum(one[k][j] for one in rows) for j in range(g.shape[1])] for k in (0, 1)]
    total = sum(a * b for a, b in zip(*sums, strict=True))
    if total == 0:
        return math.nan
    against = [sum(a * b for a, b in zip(*one, strict=True)) * total < 0 for one in rows]
    return sum(against) / len(rows)


def _with_einsum(g: Any, h: Any) -> Any:
    g, h = g.astype(float), h.astype(float)
    whole = np.einsum("bi,ci->", g, h)
    return np.mean(np.einsum("bi,bi->b", g, h) * whole < 0) if whole else float("nan")


def _short_integers(g: Any, h: Any) -> Any:
    sign = np.sign(g.mean(axis=0) @ h.mean(axis=0))
    return (np.sign((g * h).sum(axis=1, dtype=g.dtype)) == -sign).mean() if sign else np.nan


def _centres_in_place(g: Any, h: Any) -> Any:
    found = right_opposite(g, h)
    if g.dtype == float:
        g -= g.mean(axis=0)
    return found


PROOF = Proof(
    task="40.1",
    right=[_by_loops, _with_einsum],
    wrong=[
        *silent(MISTAKES),
        Wrong(_short_integers, "must be 0.5", silent=True),
        Wrong(lambda g, h: round(right_opposite(g, h), 2), "rounded to 2 decimals", silent=True),
        Wrong(_centres_in_place, "your function changes `g`", silent=True),
        Wrong(lambda g, h: np.sign(g @ h.T), "must be one number"),
        Wrong(lambda g, h: None, "Did you forget a return?"),
    ],
)
