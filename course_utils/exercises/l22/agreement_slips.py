"""Lesson 22: what goes wrong in task 22.4, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

Slip = Callable[[np.ndarray, np.ndarray], float]
Ranks = Callable[[np.ndarray], np.ndarray]


def mid_ranks(x: np.ndarray) -> np.ndarray:
    x = np.asarray(x, float)
    return (x[:, None] > x).sum(axis=1) + ((x[:, None] == x).sum(axis=1) + 1) / 2


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 0 else np.nan


def by(ranks: Ranks, other: Ranks | None = None) -> Slip:
    return lambda measure, gain: correlation(ranks(measure), (other or ranks)(gain))


right_agreement = by(mid_ranks)


def ordinal(x: np.ndarray) -> np.ndarray:
    """argsort of argsort: ties in the order in which they come."""
    return np.argsort(np.argsort(x)).astype(float)


def stable(x: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(x, kind="stable"), kind="stable").astype(float)


def places(x: np.ndarray) -> np.ndarray:
    """argsort once: where the values come from, not their ranks."""
    return np.argsort(x).astype(float)


def lowest(x: np.ndarray) -> np.ndarray:
    return np.asarray(stats.rankdata(x, "min"), float)


def highest(x: np.ndarray) -> np.ndarray:
    return np.asarray(stats.rankdata(x, "max"), float)


def dense(x: np.ndarray) -> np.ndarray:
    return np.asarray(stats.rankdata(x, "dense"), float)


def falling(x: np.ndarray) -> np.ndarray:
    return -mid_ranks(x)


def short_formula(ranks: Ranks) -> Slip:
    """1 - 6 sum d^2 / (n (n^2 - 1)), which holds without ties only."""

    def slip(measure: np.ndarray, gain: np.ndarray) -> float:
        n, d = len(measure), ranks(measure) - ranks(gain)
        return float(1 - 6 * (d @ d) / (n * (n * n - 1))) if n > 1 else np.nan

    return slip


def only_varied(slip: Slip) -> Slip:
    """nan where one side is constant."""
    return lambda measure, gain: (
        np.nan if np.isnan(right_agreement(measure, gain)) else slip(measure, gain)
    )


def kendall(measure: np.ndarray, gain: np.ndarray) -> float:
    return float(stats.kendalltau(measure, gain).statistic)


def ddofs_mixed(measure: np.ndarray, gain: np.ndarray) -> float:
    """np.cov divides by n - 1, np.std by n."""
    a, b = mid_ranks(measure), mid_ranks(gain)
    return float(np.cov(a, b)[0, 1] / (a.std() * b.std()))


def not_divided(measure: np.ndarray, gain: np.ndarray) -> float:
    a, b = mid_ranks(measure), mid_ranks(gain)
    return float(((a - a.mean()) * (b - b.mean())).mean())


def not_centred(measure: np.ndarray, gain: np.ndarray) -> float:
    a, b = mid_ranks(measure), mid_ranks(gain)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def sorted_first(measure: np.ndarray, gain: np.ndarray) -> float:
    return correlation(mid_ranks(np.sort(measure)), mid_ranks(np.sort(gain)))


def rounded_values(digits: int) -> Slip:
    return lambda measure, gain: right_agreement(np.round(measure, digits), np.round(gain, digits))


def with_added(small: float) -> Slip:
    def slip(measure: np.ndarray, gain: np.ndarray) -> float:
        a, b = (one - one.mean() for one in (mid_ranks(measure), mid_ranks(gain)))
        return float(a @ b / (np.sqrt((a @ a) * (b @ b)) + small))

    return slip


def edge(value: float) -> Slip:
    """The right number, and ``value`` where one side is constant."""

    def slip(measure: np.ndarray, gain: np.ndarray) -> float:
        found = right_agreement(measure, gain)
        return value if np.isnan(found) else found

    return slip


def one_for_both_constant(measure: np.ndarray, gain: np.ndarray) -> float:
    both = np.ptp(measure) == 0 and np.ptp(gain) == 0
    return 1.0 if both else right_agreement(measure, gain)


MISTAKES: dict[str, Slip] = {
    "the values are correlated (Pearson), not their ranks": by(lambda x: np.asarray(x, float)),
    "the measure's values are correlated with the gain's ranks: take ranks on both sides": by(
        lambda x: np.asarray(x, float), mid_ranks
    ),
    "ties get the ranks of the order in which they come; give each the mean of their ranks": by(
        ordinal
    ),
    "ties get the ranks of a stable sort, the first one the lowest; give each the mean of their "
    "ranks": by(stable),
    "ties get the lowest of their ranks; give each the mean of their ranks": by(lowest),
    "ties get the highest of their ranks; give each the mean of their ranks": by(highest),
    "ties count as one rank and the next value gets the next: give each the mean of their ranks": (
        by(dense)
    ),
    "1 - 6 d² / (n (n² - 1)) is used, which holds only where nothing is tied": only_varied(
        short_formula(mid_ranks)
    ),
    "argsort is used once: it tells where the values come from, not their ranks": by(places),
    "one side is ranked from the top and the other from the bottom": by(mid_ranks, falling),
    "the sign is lost": lambda measure, gain: abs(right_agreement(measure, gain)),
    "the square of the correlation is returned": lambda measure, gain: (
        right_agreement(measure, gain) ** 2
    ),
    "Kendall's tau is returned": kendall,
    "the covariance has n - 1 and the deviations have n in the denominator": ddofs_mixed,
    "the covariance of the ranks is not divided by their deviations": not_divided,
    "the mean rank is not subtracted": not_centred,
    "both sides are sorted first, so that no helper stands beside its own gain": sorted_first,
    "the values are rounded to 1 decimal before they are ranked": rounded_values(1),
    **{
        f"nearly equal values are taken as {ties}, by rounding or np.isclose: only exactly equal "
        "ones are": rounded_values(digits)
        for ties, digits in (("ties", 4), ("equal", 9))
    },
    **{
        f"{small:g} is added below, and that changes the result": with_added(small)
        for small in (1e-3, 1e-4, 1e-5)
    },
    "0 stands in place of nan where one side is constant: it says that there is no agreement": (
        edge(0.0)
    ),
    "1 stands in place of nan where one side is constant": edge(1.0),
    "two constant sides agree perfectly: there is nothing to rank": one_for_both_constant,
}
