"""Task 40.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

from scipy.special import xlogy

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.units import MISTAKES, right_units


def _by_counts(labels: Any, factors: Any) -> Any:
    found = []
    for column, factor in zip(labels.T.tolist(), factors.tolist(), strict=True):
        n, ones = len(column), sum(column)
        p = (ones + 1) / (n + 2)
        found.append(n / factor / -(ones * math.log(p) + (n - ones) * math.log(1 - p)))
    return found


def _with_xlogy(labels: Any, factors: Any) -> Any:
    share = labels.mean(axis=0)
    p = (share * len(labels) + 1) / (len(labels) + 2)
    return -1 / (xlogy(share, p) + xlogy(1 - share, 1 - p)) / factors


def _in_place(labels: Any, factors: Any) -> Any:
    found = right_units(labels, factors)
    labels[:] = 0
    return found


PROOF = Proof(
    task="40.3",
    right=[_by_counts, _with_xlogy],
    wrong=[
        *silent(MISTAKES),
        Wrong(
            lambda labels, factors: right_units(labels, factors).round(3),
            "rounded to 3 decimals",
            silent=True,
        ),
        Wrong(_in_place, "your function changes `labels`", silent=True),
        Wrong(lambda labels, factors: right_units(labels, factors)[:1], "must have shape"),
        Wrong(lambda labels, factors: None, "Did you forget a return?"),
    ],
)
