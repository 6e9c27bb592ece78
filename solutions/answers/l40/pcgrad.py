"""Task 40.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.balancing.pcgrad import PCGrad
from course_utils.exercises.l40.pcgrad import MISTAKES, right_pcgrad


def _by_weights(g: Any, h: Any) -> Any:
    g, h = g.astype(float), h.astype(float)
    inner = min(float(g @ h), 0.0)
    a = 1 - inner / float(g @ g) if inner else 1.0
    b = 1 - inner / float(h @ h) if inner else 1.0
    return a * g + b * h


def _library(g: Any, h: Any) -> Any:
    return PCGrad()(np.stack([g, h]).astype(float))


def _in_place(g: Any, h: Any) -> Any:
    inner = g @ h
    if inner < 0 and g.dtype == float:
        before = g.copy()
        g -= inner / (h @ h) * h
        return g + h - inner / (before @ before) * before
    return right_pcgrad(g, h)


PROOF = Proof(
    task="40.4",
    right=[_by_weights, _library],
    wrong=[
        *silent(MISTAKES),
        Wrong(_in_place, "your function changes `g`", silent=True),
        Wrong(lambda g, h: right_pcgrad(g, h).round(2), "rounded to 2 decimals", silent=True),
        Wrong(lambda g, h: (g, h), "must have shape"),
        Wrong(lambda g, h: None, "Did you forget a return?"),
    ],
)
