"""Intervals of paired differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


def paired_interval(gains: Sequence[float]) -> tuple[float, float]:
    """The 95 % t-interval of the mean of paired differences.

    mean +- t(0.975, n - 1) * sd / sqrt(n)

    Args:
        gains: one difference per seed, 3 or more.
    """
    values = np.asarray(gains, dtype=float)
    half = stats.t.ppf(0.5 + CONFIDENCE / 2, values.size - 1) * stats.sem(values)
    return float(values.mean() - half), float(values.mean() + half)
