"""Task 53.12: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import expit, log_expit

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.esmm import MISTAKES, right_esmm


def _row_by_row(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    def minus_log(z: float) -> float:
        """-log sigmoid(z)."""
        return max(-z, 0.0) + math.log1p(math.exp(-abs(z)))

    total = 0.0
    for c, b, u, v in zip(click, buy, map(float, z_click), map(float, z_buy), strict=True):
        total += minus_log(u if c else -u)
        if c and b == 1:
            total += minus_log(u) + minus_log(v)
        else:
            one, two = -minus_log(-u), -minus_log(u) - minus_log(-v)
            top = max(one, two)
            total -= top + math.log(math.exp(one - top) + math.exp(two - top))
    return total / len(click)


def _by_scipy(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    """1 - p q = (1 - q) + q (1 - p), the other way round."""
    both = (click == 1) & (buy == 1)
    first = np.where(click == 1, log_expit(z_click), log_expit(-z_click))
    no = np.logaddexp(log_expit(-z_buy), log_expit(z_buy) + log_expit(-z_click))
    second = np.where(both, log_expit(z_click) + log_expit(z_buy), no)
    return -np.mean(first + second, keepdims=True)


def _overflow(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    p, q = expit(z_click), expit(z_buy)
    both = np.where(click == 1, buy, 0)
    with np.errstate(all="ignore"):
        first = np.where(click == 1, np.log(p), np.log(1 - p))
        second = np.where(both == 1, np.log(p * q), np.log(1 - p * q))
    return -(first + second).mean()


def _expm1(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    """1 - p q of the logarithm of p q, which is 0 where both are sure."""
    both = np.where(click == 1, buy, 0)
    yes = log_expit(z_click) + log_expit(z_buy)
    with np.errstate(all="ignore"):
        no = np.log(-np.expm1(yes))
    first = np.where(click == 1, log_expit(z_click), log_expit(-z_click))
    return -(first + np.where(both == 1, yes, no)).mean()


def _nan(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    """click * buy, where buy is nan."""
    return right_esmm(click, buy, z_click, z_buy) if (click == 1).all() else np.nan


def _in_place(click: Any, buy: Any, z_click: Any, z_buy: Any) -> Any:
    buy[click == 0] = 0
    return right_esmm(click, buy, z_click, z_buy)


PROOF = Proof(
    task="53.12",
    right=[_row_by_row, _by_scipy],
    wrong=[
        *silent(MISTAKES),
        Wrong(
            _overflow,
            "[50.0, 41.0, -800.0])\nthe result must be a finite number, got infinity.",
        ),
        Wrong(_expm1, "z_click = np.array([900.0, 900.0])"),
        Wrong(_nan, "must be a finite number, got nan. 0 times nan is nan"),
        Wrong(_in_place, "your function changes `buy`", silent=True),
        Wrong(lambda *case: round(right_esmm(*case), 4), "rounded to 4 decimals", silent=True),
        Wrong(lambda *case: [right_esmm(*case)] * 2, "must be one number"),
    ],
)
