"""Task 16.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l16.alarm import ALARM_MISTAKES, right_alarm


def _alarm_arrays(differences: Any, errors: Any, tau: float, alpha: float) -> Any:
    d, v = np.array(differences, dtype=float), np.array(errors, dtype=float) ** 2
    ratio = np.log(v / (v + tau**2)) / 2 + tau**2 * d**2 / (2 * v * (v + tau**2))
    days = np.flatnonzero(ratio >= np.log(1 / alpha))
    return int(days[0]) if days.size else None


def _alarm_densities(differences: Any, errors: Any, tau: float, alpha: float) -> Any:
    """The mixture's density of the difference over the density without an effect."""
    for day, (gap, error) in enumerate(zip(differences, errors, strict=True)):
        mixed = stats.norm.logpdf(gap, 0, math.hypot(error, tau))
        if mixed - stats.norm.logpdf(gap, 0, error) >= -math.log(alpha):
            return day
    return None


def _alarm_bound(differences: Any, errors: Any, tau: float, alpha: float) -> Any:
    """As a bound for the difference itself: the interval that is always valid."""
    for day, gap in enumerate(differences):
        v = errors[day] ** 2
        all_of_it = v + tau**2
        if gap**2 >= v * all_of_it / tau**2 * (math.log(all_of_it / v) - 2 * math.log(alpha)):
            return day


def _overflows(differences: Any, errors: Any, tau: float, alpha: float) -> Any:
    for day, (gap, error) in enumerate(zip(differences, errors, strict=True)):
        v, t = error**2, tau**2
        if math.sqrt(v / (v + t)) * math.exp(t * gap**2 / (2 * v * (v + t))) >= 1 / alpha:
            return day
    return None


def _minus_one(*case: Any) -> int:
    day = right_alarm(*case)
    return -1 if day is None else day


def _clipped(most: float) -> Callable[..., int | None]:
    """Large exponents are cut."""

    def alarm(differences: Any, errors: Any, tau: float, alpha: float) -> int | None:
        for day, (gap, error) in enumerate(zip(differences, errors, strict=True)):
            v, t = error**2, tau**2
            exponent = min(most, t * gap**2 / (2 * v * (v + t)))
            if math.sqrt(v / (v + t)) * math.exp(exponent) >= 1 / alpha:
                return day
        return None

    return alarm


PROOF = Proof(
    task="16.4",
    right=[_alarm_arrays, _alarm_densities, _alarm_bound, right_alarm],
    wrong=[
        *silent(ALARM_MISTAKES),
        Wrong(
            lambda gaps, errors, tau, alpha: right_alarm(gaps, errors, 0.9 * tau, alpha),
            "must be 1, got 2",
            silent=True,
        ),
        Wrong(_overflows, "OverflowError", status="error"),
        Wrong(_minus_one, "must be None, got -1", silent=True),
        Wrong(_clipped(5), "must be 3, got None", silent=True),
        Wrong(_clipped(50), "alpha=1e-30) must be 1, got None", silent=True),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
