"""Task 70.5: the right table, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.metrics import paired_interval

Key = tuple[str, str]
Found = tuple[dict[Key, str], str]
Interval = Callable[[list[float]], tuple[float, float]]


def normal(of: list[float]) -> tuple[float, float]:
    half = 1.96 * np.std(of, ddof=1) / np.sqrt(len(of))
    return float(np.mean(of) - half), float(np.mean(of) + half)


def t_interval(of: list[float]) -> tuple[float, float]:
    low, high = paired_interval(of)
    return float(low), float(high)


def mean_alone(of: list[float]) -> tuple[float, float]:
    return float(np.mean(of)), float(np.mean(of))


def _cell(low: float, high: float, margin: float) -> str:
    return "holds" if low >= -margin else "fails" if high < -margin else "open"


def _word(cells: Mapping[Key, str], low: float, high: float) -> str:
    if "fails" in cells.values() or high < 0:
        return "reject"
    return "accept" if "open" not in cells.values() and low > 0 else "open"


def _by(
    cell: Callable[..., str] = _cell,
    word: Callable[..., str] = _word,
    interval: Interval = t_interval,
) -> Callable[..., Found]:
    def answer(gaps: Any, margin: float, money: Any) -> Found:
        cells = {key: cell(*interval(list(of)), margin) for key, of in gaps.items()}
        return cells, word(cells, *interval(list(money)))

    return answer


right_accepted = _by()


def pooled(gaps: Any, margin: float, money: Any) -> Found:
    """The word looks at the mean of all cells."""
    cells, word = right_accepted(gaps, margin, money)
    if not gaps:
        return cells, word
    every = t_interval(list(np.mean(list(gaps.values()), axis=0)))
    return cells, _word({("all", "all"): _cell(*every, margin)}, *t_interval(list(money)))


MISTAKES: dict[str, Callable[..., Found]] = {
    "not significant counts as not worse: a cell holds if its interval holds 0": _by(
        lambda low, high, margin: (
            "holds" if low <= 0 <= high or low >= -margin else _cell(low, high, margin)
        )
    ),
    "a cell must be better than its twin; it need only be not worse by more than the margin": _by(
        lambda low, high, margin: "holds" if low > 0 else "fails" if high < -margin else "open"
    ),
    "the mean decides, without its interval": _by(interval=mean_alone),
    "the interval has 1.96 in the place of t; with few shops it is too short": _by(interval=normal),
    "a cell fails as soon as its interval reaches below the margin; that is open": _by(
        lambda low, high, margin: "holds" if low >= -margin else "fails"
    ),
    "a cell fails where it is worse at all, although the margin allows it": _by(
        lambda low, high, margin: "fails" if high < 0 else _cell(low, high, margin)
    ),
    "an interval that ends exactly at the margin does not hold": _by(
        lambda low, high, margin: (
            "holds" if low > -margin else "fails" if high < -margin else "open"
        )
    ),
    "the word looks at the mean over all cells, which hides who pays": pooled,
    "the money is not asked": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values()
            else "open"
            if "open" in cells.values()
            else "accept"
        )
    ),
    "money need not be shown to be better: no loss shown is enough": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values() or high < 0
            else "open"
            if "open" in cells.values()
            else "accept"
        )
    ),
    "a certain loss of money is open; it is a reason to reject": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values()
            else "accept"
            if "open" not in cells.values() and low > 0
            else "open"
        )
    ),
    "one cell that is open rejects": _by(
        word=lambda cells, low, high: (
            "reject"
            if set(cells.values()) & {"fails", "open"} or high < 0
            else "accept"
            if low > 0
            else "open"
        )
    ),
}
