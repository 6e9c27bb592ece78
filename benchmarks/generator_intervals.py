"""Intervals for what the small language model did: of a share, and of any measure of drawn rows;
AUC and Cohen's kappa.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import binomtest, rankdata

RESAMPLED = 1_000
"""Times that the rows are drawn anew."""


def share(values: Sequence[bool] | np.ndarray) -> list[float]:
    """The share, the ends of Wilson's 95 % interval, and how many there are; nothing of
    nothing.
    """
    found = np.asarray(values, bool)
    if not found.size:
        return []
    hits, n = int(found.sum()), int(found.size)
    ends = binomtest(hits, n).proportion_ci(method="wilson")
    return [*rounded([hits / n, ends.low, ends.high]), n]


def drawn(of: Callable[[np.ndarray], float], n: int) -> list[float]:
    """A measure on all rows, and the middle 95 % of it on rows drawn with replacement.

    What is drawn stays together: pass searches or reviews, and let ``of`` compare two judges on
    the same ones.
    """
    rng = np.random.default_rng(0)
    again = [of(rng.integers(n, size=n)) for _ in range(RESAMPLED)]
    return rounded([of(np.arange(n)), *np.nanpercentile(again, [2.5, 97.5])])


def mean(values: Sequence[float] | np.ndarray) -> list[float]:
    """The mean and its interval; of differences of two judges on the same rows, a paired one."""
    found = np.asarray(values, float)
    return drawn(lambda rows: float(found[rows].mean()), len(found))


def rounded(values: Sequence[float] | np.ndarray) -> list[float]:
    """Four digits."""
    kept: list[float] = np.round(np.asarray(values, float), 4).tolist()
    return kept


def auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """The share of pairs in order, ties half; nan where one side alone was drawn. Ranks make it
    fast enough for a thousand draws.
    """
    good = np.asarray(truth, bool)
    n = int(good.sum())
    if n in (0, good.size):
        return float("nan")
    return float((rankdata(scores)[good].sum() - n * (n + 1) / 2) / (n * (good.size - n)))


def kappa(a: np.ndarray, b: np.ndarray) -> float:
    """Cohen's kappa of two judges who say yes or no: agreement beyond what their rates give."""
    agree, yes_a, yes_b = np.mean(a == b), np.mean(a), np.mean(b)
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return float((agree - chance) / (1 - chance)) if chance < 1 else 0.0
