"""Task 20.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from answers import Proof, Wrong
from course_utils.evidence import word_for
from course_utils.exercises.l20.judge import right_interval, unpaired, welch


def _judge_with_scipy(method: Any, baseline: Any) -> list[Any]:
    if len({m - b for m, b in zip(method, baseline, strict=True)}) == 1:  # no test for these
        gain = method[0] - baseline[0]
        return [gain, gain, {1: "better", 0: "no difference shown", -1: "worse"}[np.sign(gain)]]
    result = stats.ttest_rel(method, baseline)
    interval = result.confidence_interval(confidence_level=0.95)
    if result.pvalue > 0.05:
        return [interval.low, interval.high, "no difference shown"]
    return [interval.low, interval.high, "better" if result.statistic > 0 else "worse"]


def _judge_by_hand(method: Any, baseline: Any) -> tuple[Any, Any, str]:
    gains = [m - b for m, b in zip(method, baseline, strict=True)]
    n = len(gains)
    mean = sum(gains) / n
    variance = sum((g - mean) ** 2 for g in gains) / (n - 1)
    half = stats.t.isf(0.025, n - 1) * (variance / n) ** 0.5
    words = {(True, True): "better", (False, False): "worse"}
    word = words.get((mean - half > 0, mean + half >= 0), "no difference shown")
    return np.array(mean - half), np.float64(mean + half), word


def _judged(interval: Any, word: Any = word_for) -> Any:
    """A wrong answer from its way to an interval, or from its way to a word."""

    def judge(method: Any, baseline: Any) -> tuple[float, float, str]:
        low, high = interval(np.array(method), np.array(baseline))
        return float(low), float(high), word(low, high)

    return judge


def _paired(method: Any, baseline: Any) -> tuple[float, float]:
    return right_interval(method - baseline)


def _around(half: Any) -> Any:
    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        gains = method - baseline
        return gains.mean() - half(gains), gains.mean() + half(gains)

    return interval


def _nan_for_equal_gains(method: Any, baseline: Any) -> tuple[float, float]:
    gains = method - baseline
    return right_interval(gains) if np.ptp(gains) > 0 else (np.nan, np.nan)


def _table(gains: Any) -> float:
    """A table that ends at six seeds."""
    n = len(gains)
    return float((_t(gains) if n <= 6 else 1.96) * stats.sem(gains))


def _rounded_ends(method: Any, baseline: Any) -> tuple[float, float]:
    low, high = _paired(method, baseline)
    return round(low, 4), round(high, 4)


def _rounded_quantile(gains: Any) -> float:
    return float(round(_t(gains), 3) * stats.sem(gains))


def _t(gains: Any) -> float:
    return float(stats.t.ppf(0.975, len(gains) - 1))


PROOF = Proof(
    task="20.3",
    right=[_judge_with_scipy, _judge_by_hand],
    wrong=[
        Wrong(_judged(welch), says="as ttest_ind does with equal_var=False", silent=True),
        Wrong(
            _judged(unpaired(lambda n: stats.t.ppf(0.975, n - 1))),
            says="not that of the gains.",
            silent=True,
        ),
        Wrong(
            _judged(unpaired(lambda n: stats.t.ppf(0.975, 2 * n - 2))),
            says="with 2n - 2 degrees",
            silent=True,
        ),
        Wrong(_judged(unpaired(lambda n: 1.96)), says="gains, and 1.96 for t", silent=True),
        Wrong(
            _judged(lambda method, baseline: _paired(np.sort(method), np.sort(baseline))),
            says="both lists are sorted first",
            silent=True,
        ),
        Wrong(
            _judged(lambda method, baseline: right_interval(np.unique(method - baseline))),
            says="equal gains are counted once",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: word_for(round(low, 4), round(high, 4))),
            says="says 'better', not 'no difference shown'",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: word_for(low * (low > 1e-12), high)),
            says="judge([3e-13, 4e-13, 3.5e-13]",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: (_t(g) if len(g) < 30 else 1.96) * stats.sem(g))),
            says="judge([1, 2, 3, 4, 1",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: 1.96 * g.std(ddof=1) / np.sqrt(len(g)))),
            says="1.96",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: _t(g) * g.std() / np.sqrt(len(g)))),
            says="n in its denominator",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: _t(g) * g.std(ddof=1))),
            says="square root of n is missing",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: stats.t.ppf(0.95, len(g) - 1) * stats.sem(g))),
            says="0.95:",
            silent=True,
        ),
        Wrong(
            _judged(_around(lambda g: stats.t.ppf(0.975, len(g)) * stats.sem(g))),
            says="n degrees of freedom",
            silent=True,
        ),
        Wrong(
            _judged(lambda method, baseline: _paired(baseline, method)),
            says="the other way round",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: "better" if low + high > 0 else "worse"),
            says="It contains 0",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: "better" if low > 0 else "no difference shown"),
            says="below 0",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: "better" if low >= 0 else word_for(low, high)),
            says="0.0000 to 0.0000 says 'no difference shown', not 'better'",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: word_for(low, high) if high > 0 else "worse"),
            says="0.0000 to 0.0000 says 'no difference shown', not 'worse'",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: word_for(low, high) if low < high else "equal"),
            says="not 'equal'",
            silent=True,
        ),
        Wrong(
            _judged(_paired, lambda low, high: np.array([word_for(low, high)])),
            says="the word must be the string",
            silent=True,
        ),
        Wrong(_judged(_paired, lambda low, high: pd.NA), says="got NAType", silent=True),
        Wrong(_judged(_nan_for_equal_gains), says="low must be a finite", silent=True),
        Wrong(
            _judged(_around(_table)),
            says="0.7, 0.689], [0.676",
            silent=True,
        ),
        Wrong(_judged(_rounded_ends), says="rounded to 4 decimals", silent=True),
        Wrong(_judged(_around(_rounded_quantile)), says="also not on the way", silent=True),
        Wrong(lambda method, baseline: None, says="Did you forget a return?"),
    ],
)
