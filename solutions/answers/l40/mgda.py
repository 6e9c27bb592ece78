"""Task 40.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from answers import Proof, Wrong, silent
from course_utils.balancing.mgda import MGDA
from course_utils.exercises.l40.mgda import MISTAKES, right_mgda


def _three_cases(g: Any, h: Any) -> Any:
    g, h = g.astype(float), h.astype(float)
    if g @ h >= g @ g:
        return g
    if g @ h >= h @ h:
        return h
    w = (h @ h - g @ h) / (g @ g + h @ h - 2 * g @ h)
    return w * g + (1 - w) * h


def _library(g: Any, h: Any) -> Any:
    return MGDA()(np.stack([g, h]).astype(float))


def _searched(g: Any, h: Any) -> Any:
    def squared(w: float) -> float:
        return float(((w * g + (1 - w) * h) ** 2).sum())

    w = minimize_scalar(squared, bounds=(0, 1), method="bounded", options={"xatol": 1e-3}).x
    return w * g + (1 - w) * h


def _divides_by_zero(g: Any, h: Any) -> Any:
    apart = h - g
    w = np.clip(apart @ h / (apart @ apart), 0, 1)
    return w * g + (1 - w) * h


def _in_place(g: Any, h: Any) -> Any:
    found = right_mgda(g, h)
    g *= 2
    return found


PROOF = Proof(
    task="40.5",
    right=[_three_cases, _library],
    wrong=[
        *silent(MISTAKES),
        Wrong(_searched, "must be", silent=True),
        Wrong(_divides_by_zero, "must not hold nan", silent=True),
        Wrong(_in_place, "your function changes `g`", silent=True),
        Wrong(lambda g, h: 0.5, "must have shape (2,)"),
        Wrong(lambda g, h: None, "Did you forget a return?"),
    ],
)
