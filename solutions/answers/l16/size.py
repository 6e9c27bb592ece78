"""Task 16.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l16.size import SIZE_MISTAKES, customers_a_side


def _size_scipy(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    z = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)
    return np.ceil(2 * sd**2 * z**2 / difference**2)


def _size_solved(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    """The n at which the power is right, looked for."""

    def too_little(log_n: float) -> float:
        error = sd * math.sqrt(2 / math.exp(log_n))
        return float(special.ndtr(abs(difference) / error - special.ndtri(1 - alpha / 2)) - power)

    return math.ceil(math.exp(optimize.brentq(too_little, -20, 40, xtol=1e-14)))


def _size_by_variance(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    allowed = difference**2 / (stats.norm.ppf(power) - stats.norm.ppf(alpha / 2)) ** 2
    return -int(-(2 * sd * sd) // allowed)


def _no_sign(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    if difference <= 0:
        return 0
    return customers_a_side(sd, difference, alpha, power)


def _two_at_least(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    return max(30, customers_a_side(sd, difference, alpha, power))


def _as_share(sd: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> Any:
    """The binomial's variance, whatever sd says."""
    return math.ceil(customers_a_side(math.sqrt(sd * abs(1 - sd)), difference, alpha, power))


PROOF = Proof(
    task="16.2",
    right=[_size_scipy, _size_solved, _size_by_variance, customers_a_side],
    wrong=[
        *silent(SIZE_MISTAKES),
        Wrong(_no_sign, "customers_a_side(2, -0.3, 0.05, 0.8) must be 698, got 0.", silent=True),
        Wrong(_two_at_least, "got 30", silent=True),
        Wrong(_as_share, "got 616235.", silent=True),
        Wrong(
            lambda s, d, a=0.05, p=0.8: (
                2 * ((stats.norm.ppf(1 - a / 2) + stats.norm.ppf(p)) * s / d) ** 2
            ),
            "must be a whole number of customers, rounded up",
            silent=True,
        ),
        Wrong(
            lambda s, d, a=0.05, p=0.9: customers_a_side(s, d, a, p),
            "must be 32434, got 43420: alpha is 0.05 and power 0.8.",
            silent=True,
        ),
        Wrong(lambda s, d, a, p: customers_a_side(s, d, a, p), "TypeError", status="error"),
        Wrong(lambda s, d, a=0.05, p=0.8: None, "forget a return"),
    ],
)
