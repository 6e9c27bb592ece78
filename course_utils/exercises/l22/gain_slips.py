"""Lesson 22: what goes wrong in task 22.1, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from course_utils.exercises.l22.shared import gains_of, half_of, told, word_of

Slip = Callable[[np.ndarray, np.ndarray], dict[str, Any]]
Half = Callable[[np.ndarray], float]


def around(half: Half) -> Slip:
    def slip(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
        gains = gains_of(helped, alone)
        return told(gains.mean(), half(gains))

    return slip


right_gain = around(half_of)


def ends(helped: np.ndarray, alone: np.ndarray) -> tuple[float, float]:
    found = right_gain(helped, alone)
    return found["low"], found["high"]


def worded(word: Callable[[float, float, float], str]) -> Slip:
    """The right numbers, and a word from mean, low and high."""

    def slip(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
        found = right_gain(helped, alone)
        return {**found, "word": word(found["mean"], found["low"], found["high"])}

    return slip


def rounded(digits: int) -> Slip:
    def slip(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
        found = right_gain(helped, alone)
        return {k: v if k == "word" else round(v, digits) for k, v in found.items()}

    return slip


def unpaired(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    both = ~np.isnan(helped - alone)
    a, b = helped[both], alone[both]
    spread = np.var(a, ddof=1) + np.var(b, ddof=1)
    return told((a - b).mean(), stats.t.ppf(0.975, len(a) - 1) * np.sqrt(spread / len(a)))


def welch(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    both = ~np.isnan(helped - alone)
    found = stats.ttest_ind(helped[both], alone[both], equal_var=False).confidence_interval(0.95)
    low, high = float(found.low), float(found.high)
    mean = float((helped - alone)[both].mean())
    return {"mean": mean, "low": low, "high": high, "word": word_of(low, high)}


def means_apart(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    """Each side's mean over the runs that it has: not the same seeds."""
    return told(np.nanmean(helped) - np.nanmean(alone), half_of(gains_of(helped, alone)))


def closed_up(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    """nan left out of each side by itself: what follows stands beside another seed."""
    a, b = helped[~np.isnan(helped)], alone[~np.isnan(alone)]
    n = min(len(a), len(b))
    return told((a[:n] - b[:n]).mean(), half_of(a[:n] - b[:n]))


def all_counted(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains, n = gains_of(helped, alone), len(helped)
    half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n)
    return told(gains.mean(), float(half))


def nan_left_in(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains = helped - alone
    return told(gains.mean(), half_of(gains))


def zero_for_nan(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    return right_gain(np.nan_to_num(helped), np.nan_to_num(alone))


def no_gain_for_nan(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains = np.nan_to_num(helped - alone)
    return told(gains.mean(), half_of(gains))


def sorted_first(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    both = ~np.isnan(helped - alone)
    return right_gain(np.sort(helped[both]), np.sort(alone[both]))


def middle(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains = gains_of(helped, alone)
    return told(float(np.median(gains)), half_of(gains))


def smallest_and_largest(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains = gains_of(helped, alone)
    low, high = float(gains.min()), float(gains.max())
    return {"mean": float(gains.mean()), "low": low, "high": high, "word": word_of(low, high)}


def percentiles(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    """Where 95 % of the gains lie, not their mean."""
    gains = gains_of(helped, alone)
    low, high = map(float, np.percentile(gains, [2.5, 97.5]))
    return {"mean": float(gains.mean()), "low": low, "high": high, "word": word_of(low, high)}


def summed(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    gains = gains_of(helped, alone)
    return told(gains.sum(), half_of(gains))


def relative(helped: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    return right_gain(helped / alone, np.ones(len(alone)))


MISTAKES: dict[str, Slip] = {
    "the gain is taken the other way round, alone minus with_helper": lambda helped, alone: (
        right_gain(alone, helped)
    ),
    "the gains are summed: divide the sum by their number": summed,
    "the gain is divided by alone: it is the plain difference of the two AUCs": relative,
    "the seeds are not paired: the spreads of both sides are used, not that of the gains": unpaired,
    "the seeds are not paired, as ttest_ind does with equal_var=False": welch,
    "both sides are sorted first, so that no run stands beside its own seed": sorted_first,
    "a failed run is dropped from its own side only, and the means are of different seeds": (
        means_apart
    ),
    "nan is left out of each side by itself, and what follows stands beside another seed": (
        closed_up
    ),
    "n counts the failed runs too; it is the number of gains that are left": all_counted,
    "nan is left in: where a run failed, leave its seed out on both sides": nan_left_in,
    "a failed run is an AUC of 0: leave its seed out": zero_for_nan,
    "a failed run is a gain of 0: leave its seed out": no_gain_for_nan,
    "the quantile is 1.96 of the normal distribution, too small for so few seeds": around(
        lambda gains: float(1.96 * stats.sem(gains))
    ),
    "the quantile is that of 0.95: 0.975 leaves 2.5 % at each end": around(
        lambda gains: float(stats.t.ppf(0.95, len(gains) - 1) * stats.sem(gains))
    ),
    "the quantile t is missing: the half width is t times s / sqrt(n)": around(
        lambda gains: float(stats.sem(gains))
    ),
    "the ends are percentiles of the gains: the interval is that of their mean": percentiles,
    "t has n degrees of freedom, not n - 1": around(
        lambda gains: float(stats.t.ppf(0.975, len(gains)) * stats.sem(gains))
    ),
    "the standard deviation has n in its denominator, NumPy's default, not n - 1": around(
        lambda gains: half_of(gains) * np.sqrt((len(gains) - 1) / len(gains))
    ),
    "Where all gains are equal s is 0, and both ends are the mean; stats.t.interval gives nan "
    "there.": around(lambda gains: half_of(gains) if gains.std() > 0 else np.nan),
    "the division by the square root of n is missing": around(
        lambda gains: half_of(gains) * np.sqrt(len(gains))
    ),
    "it is divided by n, not by the square root of n": around(
        lambda gains: half_of(gains) / np.sqrt(len(gains))
    ),
    "the interval is the smallest and the largest gain": smallest_and_largest,
    "the median stands in place of the mean": middle,
    "the sign of the mean alone makes the word": worded(
        lambda mean, low, high: "helps" if mean > 0 else "harms"
    ),
    "every negative mean is called harm": worded(
        lambda mean, low, high: "helps" if low > 0 else "harms" if mean < 0 else "open"
    ),
    "what does not help is called harm": worded(
        lambda mean, low, high: "helps" if low > 0 else "harms"
    ),
    "harm is called open": worded(lambda mean, low, high: "helps" if low > 0 else "open"),
    "the words helps and harms are exchanged": worded(
        lambda mean, low, high: {"helps": "harms", "harms": "helps"}.get(word_of(low, high), "open")
    ),
    "an interval of which an end is 0 excludes it": worded(
        lambda mean, low, high: "helps" if low >= 0 else "harms" if high <= 0 else "open"
    ),
    "the ends are rounded before the word is chosen": worded(
        lambda mean, low, high: word_of(round(low, 4), round(high, 4))
    ),
    **{f"You rounded to {one} decimals. Do not round.": rounded(one) for one in (2, 3, 4, 5, 6)},
}
