"""Task 22.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l22.agreement_slips import MISTAKES, mid_ranks, right_agreement


def _with_unique(measure: Any, gain: Any) -> Any:
    def ranks(x: Any) -> Any:
        _, place, count = np.unique(x, return_inverse=True, return_counts=True)
        return (np.cumsum(count) - (count - 1) / 2)[place]

    a, b = ranks(measure), ranks(gain)
    if a.std() == 0 or b.std() == 0:
        return float("nan")
    return np.corrcoef(a, b)[0, 1]


def _with_scipy(measure: Any, gain: Any) -> Any:
    if len({*measure.tolist()}) < 2 or len({*gain.tolist()}) < 2:
        return np.nan
    return np.array([stats.pearsonr(stats.rankdata(measure), stats.rankdata(gain))[0]])


def _by_pairs(measure: Any, gain: Any) -> Any:
    """Ranks as counts, with plain loops; the mean rank is (n + 1) / 2."""
    n = len(measure)
    rows = []
    for side in (measure.tolist(), gain.tolist()):
        rows.append([sum((y < x) + (y == x) / 2 for y in side) + 0.5 - (n + 1) / 2 for x in side])
    top, one, two = (
        sum(x * y for x, y in zip(p, q, strict=True))
        for p, q in ((rows[0], rows[1]), (rows[0], rows[0]), (rows[1], rows[1]))
    )
    return top / (one * two) ** 0.5 if one * two else np.float32(np.nan)


def _by_exchange(measure: Any, gain: Any) -> Any:
    """From the sum of squared rank differences, with the exact variances."""
    a, b = mid_ranks(measure), mid_ranks(gain)
    size = 2 * np.sqrt(a.var() * b.var())
    return (a.var() + b.var() - (a - b).var()) / size if size else np.nan


def _sorts_in_place(measure: Any, gain: Any) -> Any:
    found = right_agreement(measure, gain)
    gain.sort()
    return found


def _centres_in_place(measure: Any, gain: Any) -> Any:
    found = right_agreement(measure, gain)
    if measure.dtype == float:
        measure -= measure.mean()
    return found


def _rounded(digits: int) -> Any:
    return lambda *case: round(right_agreement(*case), digits)


def _close_ties(measure: Any, gain: Any) -> Any:
    """np.isclose takes small numbers for ties."""

    def ranks(x: Any) -> Any:
        tied = np.isclose(x[:, None], x)
        return ((x[:, None] > x) & ~tied).sum(axis=1) + (tied.sum(axis=1) + 1) / 2

    a, b = ranks(measure), ranks(gain)
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return a @ b / size if size > 0 else np.nan


PROOF = Proof(
    task="22.4",
    right=[_with_unique, _with_scipy, _by_pairs, _by_exchange],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded(2), "rounded to 2 decimals", silent=True),
        Wrong(_rounded(6), "rounded to 6 decimals", silent=True),
        Wrong(_close_ties, "It looks as if nearly equal values are taken as ties", silent=True),
        Wrong(_sorts_in_place, "your function changes `gain`", silent=True),
        Wrong(_centres_in_place, "your function changes `measure`", silent=True),
        Wrong(lambda *case: stats.spearmanr(*case), "must be one number, got"),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
