"""Task 25.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import xlogy

from answers import Proof, Wrong, silent
from course_utils.exercises.l25.fuse import MISTAKES, right_order


def _with_loops(p: Any, q: Any, v: Any, powers: Any) -> Any:
    def score(k: int) -> float:
        total = 0.0
        for factor, power in zip((p[k], q[k], v[k]), powers, strict=True):
            if power:
                total += power * math.log(factor) if factor else -math.inf
        return total

    return sorted(range(len(p)), key=lambda k: -score(k))


def _with_lexsort(p: Any, q: Any, v: Any, powers: Any) -> Any:
    parts = []
    for power, x in zip(powers, (p, q, v), strict=True):
        if power > 0:
            parts.append(power * np.log(x, where=x > 0, out=np.full(len(x), -np.inf)))
    score = sum(parts, np.zeros(len(p)))
    return np.lexsort((np.arange(len(p)), -score))


def _with_long_floats(p: Any, q: Any, v: Any, powers: Any) -> Any:
    score = np.sum([w * np.log(x) for w, x in zip(powers, (p, q, v), strict=True) if w], axis=0)
    order = np.argsort(-(score + np.zeros(len(p))), kind="stable")
    return tuple(int(k) for k in order)


def _nan_order(p: Any, q: Any, v: Any, powers: Any) -> Any:
    """0 times -inf is nan, which sorts last."""
    a, b, c = powers
    with np.errstate(all="ignore"):
        return np.argsort(-(a * np.log(p) + b * np.log(q) + c * np.log(v)), kind="stable")


def _unstable(p: Any, q: Any, v: Any, powers: Any) -> Any:
    """A sort that keeps equal scores in order only where the list is short."""
    a, b, c = powers
    score = xlogy(a, p) + xlogy(b, q) + xlogy(c, v)
    short = len(p) <= 16
    return np.argsort(-score, kind="stable") if short else np.argsort(-score, kind="heapsort")


def _rounded(p: Any, q: Any, v: Any, powers: Any) -> Any:
    a, b, c = powers
    score = np.round(xlogy(a, p) + xlogy(b, q) + xlogy(c, v), 4)
    return np.argsort(-score, kind="stable")


PROOF = Proof(
    task="25.1",
    right=[_with_loops, _with_lexsort, _with_long_floats],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "0.30000003", silent=True),
        Wrong(_unstable, "0, 4, 8, 12", silent=True),
        Wrong(_nan_order, "(1, 0, 1)) must be [", silent=True),
        Wrong(lambda p, q, v, w: right_order(p, q, v, w)[:3], "must be [", silent=True),
        Wrong(lambda p, q, v, w: [k + 1 for k in right_order(p, q, v, w)], "must be [1, 0, 2]"),
        Wrong(lambda p, q, v, w: (p * q * v).tolist(), "must be a list of whole numbers"),
        Wrong(lambda p, q, v, w: float(p.sum()), "must be a list"),
        Wrong(lambda p, q, v, w: None, "got None"),
    ],
)
