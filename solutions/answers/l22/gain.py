"""Task 22.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong
from course_utils.exercises.l22.gain_slips import MISTAKES, Slip, right_gain
from course_utils.exercises.l22.shared import word_of
from course_utils.metrics import paired_interval


def _as_tuple(slip: Slip) -> Any:
    return lambda *case: tuple(slip(*case)[key] for key in ("mean", "low", "high", "word"))


_right = _as_tuple(right_gain)


def _by_hand(with_helper: Any, alone: Any) -> list[Any]:
    gains = [a - b for a, b in zip(with_helper, alone, strict=True) if a == a and b == b]
    n = len(gains)
    mean = sum(gains) / n
    spread = (sum((g - mean) ** 2 for g in gains) / (n - 1)) ** 0.5
    half = float(stats.t.isf(0.025, n - 1)) * spread / n**0.5
    words = {(True, True): "helps", (False, False): "harms"}
    return [mean, mean - half, mean + half, words.get((mean > half, mean >= -half), "open")]


def _with_the_course(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    both = np.isfinite(with_helper) & np.isfinite(alone)
    gains = np.subtract(with_helper[both], alone[both])
    low, high = paired_interval(gains)
    word = "open"
    if min(low, high) > 0:
        word = "helps"
    elif max(low, high) < 0:
        word = "harms"
    return np.mean(gains), np.array(low), np.float64(high), word


def _with_nan_functions(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    d = with_helper - alone
    n = np.count_nonzero(d == d)
    mean = np.nanmean(d)
    low, high = stats.t.interval(0.95, n - 1, loc=0, scale=1)
    scale = np.nanstd(d, ddof=1) / n**0.5
    return mean, mean + low * scale, mean + high * scale, _word(mean, high * scale)


def _word(mean: Any, half: Any) -> str:
    return "open" if abs(mean) <= half else "helps" if mean > 0 else "harms"


def _tolerant(low: float, high: float) -> str:
    return "helps" if low > 1e-5 else "harms" if high < -1e-5 else "open"


def _with_tolerance(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    mean, low, high, _ = _right(with_helper, alone)
    return mean, low, high, _tolerant(low, high)


def _rounded_quantile(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    gains = (with_helper - alone)[~np.isnan(with_helper - alone)]
    half = round(stats.t.ppf(0.975, len(gains) - 1), 3) * stats.sem(gains)
    mean = gains.mean()
    return mean, mean - half, mean + half, word_of(mean - half, mean + half)


def _with_stats_interval(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    gains = (with_helper - alone)[~np.isnan(with_helper - alone)]
    low, high = stats.t.interval(0.95, len(gains) - 1, gains.mean(), stats.sem(gains))
    return gains.mean(), low, high, word_of(low, high)


def _selected(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    """The word as np.select gives it, an array without axes."""
    mean, low, high, _ = _right(with_helper, alone)
    return mean, low, high, np.select([low > 0, high < 0], ["helps", "harms"], "open")


def _always_harm(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    """Right where no run failed, and else a word from a comparison with nan."""
    gains = with_helper - alone
    if not np.isnan(gains).any():
        return _right(with_helper, alone)
    return gains.mean(), *paired_interval(gains), "harms"


def _fills_in_place(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    found = _right(with_helper, alone)
    alone[np.isnan(with_helper)] = np.nan
    return found


def _subtracts_in_place(with_helper: Any, alone: Any) -> tuple[Any, ...]:
    found = _right(with_helper, alone)
    with_helper -= alone
    return found


PROOF = Proof(
    task="22.1",
    right=[_by_hand, _with_the_course, _with_nan_functions, _selected],
    wrong=[
        *[Wrong(_as_tuple(slip), says, silent=True) for says, slip in MISTAKES.items()],
        Wrong(_with_stats_interval, "stats.t.interval gives nan there.", silent=True),
        Wrong(_with_tolerance, "and the word must be 'helps', got 'open'", silent=True),
        Wrong(_rounded_quantile, "low must be 0.005159, got 0.005157", silent=True),
        Wrong(_always_harm, "mean must be 0.019333"),
        Wrong(_fills_in_place, "your function changes `alone`", silent=True),
        Wrong(_subtracts_in_place, "your function changes `with_helper`", silent=True),
        Wrong(lambda *case: (*_right(*case)[:3], "better"), "must be one of ['helps'"),
        Wrong(lambda *case: _right(*case)[1:], "must return (mean, low, high, word)"),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
