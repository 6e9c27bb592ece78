"""Task 20.3: the interval of a paired gain, and its word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from course_utils.evidence import word_for
from course_utils.evidence.claim import digits_for
from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import ask_quietly, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import apart, same


def right_interval(gains: np.ndarray, quantile: float | None = None) -> tuple[float, float]:
    n = len(gains)
    t = stats.t.ppf(0.975, n - 1) if quantile is None else quantile
    half = float(t * stats.sem(gains))
    return float(gains.mean()) - half, float(gains.mean()) + half


def _random_results() -> list[tuple[list[float], list[float]]]:
    """Seeds differ much, gains little: pairing matters. Gains, losses, and ties both ways."""
    cases = []
    sizes_and_gains = [
        (5, 0.02), (4, -0.02), (6, 0.001), (5, -0.001), (3, -0.02), (7, 0.001), (12, 0.02),
        (12, -0.01), (9, -0.001),
    ]  # fmt: skip
    for seed, (n, gain) in enumerate(sizes_and_gains):
        draw = np.random.default_rng(seed)
        baseline = (0.7 + 0.03 * draw.normal(size=n)).round(3)
        noise = draw.normal(size=n)
        gains = gain + 0.004 * (noise - noise.mean()) / noise.std()
        cases.append(((baseline + gains).round(3).tolist(), baseline.tolist()))
    return cases


_RESULTS: list[tuple[list[float], list[float]]] = [
    ([0.72, 0.74, 0.73], [0.70, 0.71, 0.69]),
    *_random_results(),
    ([0.7, 0.7, 0.7], [0.7, 0.7, 0.7]),
    ([0.71, 0.68, 0.74, 0.7], [0.71, 0.68, 0.74, 0.7]),
    ([0.75, 0.625, 1.0], [0.5, 0.375, 0.625]),  # two equal gains
    ([0.75, 0.625, 0.875], [0.5, 0.375, 0.625]),  # the gains are 0.25 to the last bit
    ([0.5, 0.375, 0.625, 0.25], [0.75, 0.625, 0.875, 0.5]),
    # An end that only rounding, or a tolerance, would call 0.
    ([0.5 + 2**-19, 0.25 + 2**-20, 0.75 + 2**-19], [0.5, 0.25, 0.75]),
    ([0.5 + 2**-19, 0.5 + 2**-20, 0.75 + 3 * 2**-20], [0.5, 0.5, 0.75]),
    ([0.5 - 2**-19, 0.25 - 2**-20, 0.75 - 3 * 2**-20], [0.5, 0.25, 0.75]),
    ([3e-13, 4e-13, 3.5e-13], [0.0, 0.0, 0.0]),
    ([15, 12, 11, 13], [11, 10, 10, 13]),
    (
        [k % 4 + 1 for k in range(32)],
        [k % 3 for k in range(32)],
    ),  # n of 30 and more is no other case
]


def _right_ends(method: Any, baseline: Any) -> tuple[float, float]:
    return right_interval(np.subtract(method, baseline))


def check_judge(answer: Any) -> None:
    for at, (method, baseline) in enumerate(_RESULTS):
        low, high = _right_ends(method, baseline)
        call = f"judge({method}, {baseline})"
        *ends, got_word = _judgement(answer, method, baseline)
        if not same(ends, (low, high)):
            gots = ask_quietly(lambda *case: _judgement(answer, *case)[:2], _RESULTS)
            why = explain(_RESULTS, gots, _right_ends, _INTERVAL_MISTAKES, at)
            (a, my_a), (b, my_b) = apart(low, ends[0]), apart(high, ends[1])
            reject(f"{call}: expected an interval from {a} to {b}, got {my_a} to {my_b}.{why}")
        word = word_for(low, high)
        if not isinstance(got_word, str):
            reject(f"{call}: the word must be the string {word!r}, got {shorten(got_word)}.")
        if got_word != word:
            digits = digits_for(low, high, 4)
            why = f"All of it lies {'above' if low > 0 else 'below'} 0."
            if low <= 0 <= high:
                why = "It contains 0."
            reject(
                f"{call}: the interval {low:.{digits}f} to {high:.{digits}f} says {word!r}, not "
                f"{str(got_word)!r}. {why}"
            )
    if not same(_judgement(answer, *_RESULTS[0]), (*_right_ends(*_RESULTS[0]), "better")):
        reject("The example was right at first; called again it gives another result.")


def _judgement(answer: Any, method: Any, baseline: Any) -> tuple[float, float, Any]:
    got, call = answer(method, baseline), f"judge({method}, {baseline})"
    refuse_none(got, call, "(low, high, word)")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{call} must return (low, high, word), got {shorten(got)}.")
    for name, end in zip(("low", "high"), got[:2], strict=True):
        if end is None:
            reject(f"{call}: {name} must be one number, got None.")
    return as_number(got[0], f"{call}: low"), as_number(got[1], f"{call}: high"), got[2]


def _ends(half: Callable[[np.ndarray, int, float], float]) -> Callable[..., tuple[float, float]]:
    """An interval from half its width, by the gains, their number and deviation."""

    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        gains = np.subtract(method, baseline)
        width = half(gains, len(gains), float(gains.std(ddof=1)))
        return float(gains.mean()) - width, float(gains.mean()) + width

    return interval


def unpaired(quantile: Callable[[int], float], ddof: int = 1) -> Callable[..., Any]:
    """From the spreads of method and baseline, and a quantile for so many seeds."""

    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        n, gain = len(method), float(np.mean(method) - np.mean(baseline))
        spread = np.var(method, ddof=ddof) + np.var(baseline, ddof=ddof)
        width = quantile(n) * float(np.sqrt(spread / n))
        return gain - width, gain + width

    return interval


def welch(method: Any, baseline: Any) -> tuple[float, float]:
    ends = stats.ttest_ind(method, baseline, equal_var=False).confidence_interval(0.95)
    return float(ends.low), float(ends.high)


def _t(freedom: int) -> float:
    return float(stats.t.ppf(0.975, freedom))


_UNPAIRED = (
    "the seeds are not paired: the spreads of method and baseline are used, not that of the "
)


def _smallest_and_largest(method: Any, baseline: Any) -> tuple[float, float]:
    gains = np.subtract(method, baseline)
    return float(gains.min()), float(gains.max())


_INTERVAL_MISTAKES: dict[str, Callable[..., tuple[float, float]]] = {
    "the gain is taken the other way round, baseline minus method": (
        lambda method, baseline: _right_ends(baseline, method)
    ),
    "the two ends are exchanged": lambda method, baseline: _right_ends(method, baseline)[::-1],
    f"{_UNPAIRED}gains": unpaired(lambda n: _t(n - 1)),
    f"{_UNPAIRED}gains, with 2n - 2 degrees of freedom": unpaired(lambda n: _t(2 * n - 2)),
    f"{_UNPAIRED}gains, as ttest_ind does with equal_var=False": welch,
    f"{_UNPAIRED}gains, and 1.96 for t": unpaired(lambda n: 1.96),
    f"{_UNPAIRED}gains, with n in the denominator": unpaired(lambda n: _t(n - 1), ddof=0),
    "both lists are sorted first, so a result no longer stands beside its seed's": (
        lambda method, baseline: _right_ends(sorted(method), sorted(baseline))
    ),
    "equal gains are counted once": lambda method, baseline: right_interval(
        np.unique(np.subtract(method, baseline))
    ),
    "the quantile is 1.96 of the normal distribution, too small for so few seeds": (
        _ends(lambda gains, n, s: 1.96 * s / np.sqrt(n))
    ),
    "the quantile is that of 0.95: 0.975 leaves 2.5 % at each end": (
        _ends(lambda gains, n, s: stats.t.ppf(0.95, n - 1) * s / np.sqrt(n))
    ),
    "t has n degrees of freedom, not n - 1": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n) * s / np.sqrt(n))
    ),
    "the standard deviation has n in its denominator, NumPy's default, not n - 1": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * float(gains.std()) / np.sqrt(n))
    ),
    "the division by the square root of n is missing: this is where single gains lie, not "
    "their mean": _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * s),
    "it is divided by n, not by the square root of n": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * s / n)
    ),
    "the interval is the smallest and the largest gain": _smallest_and_largest,
}


TASK = Task(
    id="20.3",
    prompt="Return low, high and the word of the paired 95 % interval of the gain.",
    check_answer=check_judge,
    hints=(
        "Work on one list only: the gains, method minus baseline, seed by seed.",
        "np.std divides by n unless told otherwise: ddof=1. Mind the square root of n.",
        "half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n); the ends are "
        "gains.mean() - half and + half; the word depends on the signs of both ends.",
    ),
    insight="Seeds differ far more than models do. Pairing takes that out of the interval.",
)
