"""53.12: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import expit, log_expit

from checks.l53.t12_esmm import NOT_BOTH, SECOND, right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="53.12",
    right=[_row_by_row, _by_scipy],
    wrong=[
        Wrong(
            _overflow,
            "[50.0, 41.0, -800.0])\nthe result must be a finite number, got infinity.",
        ),
        Wrong(
            right.edit({NOT_BOTH: "np.log(-np.expm1(p + q))"}),
            "z_click = np.array([900.0, 900.0])",
        ),
        Wrong(
            right.edit({SECOND: "click * buy * (p + q) + (1 - click * buy) * not_both"}),
            "must be a finite number, got nan. 0 times nan is nan",
        ),
        Wrong(right.in_place("buy[click == 0] = 0"), "your function changes `buy`", silent=True),
    ],
)
