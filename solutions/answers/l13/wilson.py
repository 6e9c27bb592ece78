"""Task 13.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, stats

from answers import Proof, Wrong
from course_utils.exercises.l13.wilson import (
    Z,
    bound_of,
    cut_textbook,
    exact_z,
    fourth,
    plain_share,
    plus,
    textbook,
)


def _with_scipy(good: int, n: int, z: float = Z) -> float:
    if not n:
        return 0.0
    level = 2 * float(stats.norm.cdf(z)) - 1
    return stats.binomtest(good, n).proportion_ci(level, method="wilson").low


def _by_its_meaning(good: int, n: int, z: float = Z) -> np.float64:
    """The smallest q from which p is no more than z standard deviations of q away."""
    if good == 0:
        return np.float64(0)
    p = good / n

    def beyond(q: float) -> float:
        return (p - q) - z * math.sqrt(q * (1 - q) / n)

    return np.float64(optimize.brentq(beyond, 1e-12, p * (1 - 1e-9), xtol=1e-12))


PROOF = Proof(
    task="13.2",
    right=[_with_scipy, _by_its_meaning],
    wrong=[
        Wrong(plain_share, "without any caution", silent=True),
        Wrong(textbook, "p - z sqrt(p(1-p)/n)", silent=True),
        Wrong(cut_textbook, "cut at 0", silent=True),
        Wrong(lambda *case: bound_of(*case, sign=1), "upper end", silent=True),
        Wrong(lambda *case: bound_of(*case, sign=0), "middle of the interval", silent=True),
        Wrong(lambda *case: bound_of(*case, divide=False), "division by 1 + z^2/n", silent=True),
        Wrong(lambda *case: bound_of(*case, shift=0), "in front of the root", silent=True),
        Wrong(lambda *case: bound_of(*case, inner=0), "4n^2 under the root is", silent=True),
        Wrong(fourth, "you have z^2 / 4n;", silent=True),
        Wrong(lambda *case: bound_of(*case, fixed=True), "whatever z is", silent=True),
        Wrong(plus, "a shrunk share", silent=True),
        Wrong(lambda good, n, quantile=Z: bound_of(good, n, quantile), "must be called z"),
        Wrong(exact_z, "exact quantile", silent=True),
        Wrong(lambda *case: round(bound_of(*case), 6), "to 6 decimals", silent=True),
        Wrong(
            lambda good, n, z=Z: bound_of(good, n, z) if n else float("nan"),
            "has no share",
            silent=True,
        ),
        Wrong(
            lambda good, n, z=Z: bound_of(good, n, z) if n else 0.5,
            "wilson(0, 0) must be 0, got 0.5000",
            silent=True,
        ),
        Wrong(lambda *case: round(bound_of(*case), 3), "to 3 decimals", silent=True),
        Wrong(lambda *case: (bound_of(*case), bound_of(*case, sign=1)), "must be one number"),
        Wrong(
            lambda good, n, z=Z: bound_of(good, n, z) if good / n >= 0 else 0.0,
            "ZeroDivisionError",
            status="error",
        ),
    ],
)
