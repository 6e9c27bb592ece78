"""Task 70.5: the right table, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats

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
    """The decision looks at the mean of all cells."""
    cells, word = right_accepted(gaps, margin, money)
    if not gaps:
        return cells, word
    every = t_interval(list(np.mean(list(gaps.values()), axis=0)))
    return cells, _word({("all", "all"): _cell(*every, margin)}, *t_interval(list(money)))


def cell_means(gaps: Any, margin: float, money: Any) -> Found:
    """Money has its interval, a cell none."""
    cells = {key: _cell(*mean_alone(list(of)), margin) for key, of in gaps.items()}
    return cells, _word(cells, *t_interval(list(money)))


def money_by_margin(gaps: Any, margin: float, money: Any) -> Found:
    cells, word = right_accepted(gaps, margin, money)
    return cells, "open" if word == "accept" and t_interval(list(money))[0] <= margin else word


def none_hold(gaps: Any, margin: float, money: Any) -> Found:
    """set(cells.values()) == {"holds"}"""
    cells, word = right_accepted(gaps, margin, money)
    return cells, "open" if word == "accept" and not cells else word


def _t(of: list[float], level: float, ddof: int = 1) -> tuple[float, float]:
    half = stats.t.ppf(level, len(of) - 1) * np.std(of, ddof=ddof) / np.sqrt(len(of))
    return float(np.mean(of) - half), float(np.mean(of) + half)


def population(of: list[float]) -> tuple[float, float]:
    return _t(of, 0.975, ddof=0)


def bonferroni(gaps: Any, margin: float, money: Any) -> Found:
    level = 1 - 0.025 / max(len(gaps), 1)
    cells = {key: _cell(*_t(list(of), level), margin) for key, of in gaps.items()}
    return cells, _word(cells, *t_interval(list(money)))


def last_cell(gaps: Any, margin: float, money: Any) -> Found:
    cells, _ = right_accepted(gaps, margin, money)
    last = {key: cells[key] for key in list(cells)[-1:]}
    return cells, _word(last, *t_interval(list(money)))


MISTAKES: dict[str, Callable[..., Found]] = {
    "not significant counts as not worse: a cell holds if its interval holds 0": _by(
        lambda low, high, margin: (
            "holds" if low <= 0 <= high or low >= -margin else _cell(low, high, margin)
        )
    ),
    "a cell must be better than its twin; it need only be not worse by more than the margin": _by(
        lambda low, high, margin: "holds" if low > 0 else "fails" if high < -margin else "open"
    ),
    "a cell is held against 0, not against minus the margin: that asks for better, not for not "
    "worse": _by(lambda low, high, margin: "holds" if low > 0 else "fails" if high < 0 else "open"),
    "the mean decides, without its interval": _by(interval=mean_alone),
    "a cell's mean decides, without its interval": cell_means,
    "the interval has 1.96 in the place of t; with few shops it is too short": _by(interval=normal),
    "the interval is divided among the cells (Bonferroni); all must hold, so each has its 95 %": (
        bonferroni
    ),
    "the spread is divided by n, not by n - 1 (np.std without ddof=1)": _by(interval=population),
    "the ends are the lowest and the highest shop; the interval is that of the mean": _by(
        interval=lambda of: (float(min(of)), float(max(of)))
    ),
    "the interval is too short; paired_interval has 2.5 % on each side and t with n - 1 degrees of "
    "freedom": _by(interval=lambda of: _t(of, 0.95)),
    "only the last cell decides": last_cell,
    "a cell fails as soon as its interval reaches below the margin; that is open": _by(
        lambda low, high, margin: "holds" if low >= -margin else "fails"
    ),
    "a cell fails where it is worse at all, although the margin allows it": _by(
        lambda low, high, margin: "fails" if high < 0 else _cell(low, high, margin)
    ),
    "a cell whose interval lies below 0 fails; it must lie below minus the margin to fail": _by(
        lambda low, high, margin: "holds" if low >= -margin else "fails" if high < 0 else "open"
    ),
    "what does not hold is judged by the middle of the interval; it fails only if all of it lies "
    "below minus the margin": _by(
        lambda low, high, margin: (
            "holds" if low >= -margin else "fails" if (low + high) / 2 < -margin else "open"
        )
    ),
    "an interval whose lower end is exactly minus the margin does not hold; it does": _by(
        lambda low, high, margin: (
            "holds" if low > -margin else "fails" if high < -margin else "open"
        )
    ),
    "the decision looks at the mean over all cells, which hides who pays": pooled,
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
    "money is held against the margin, which is one of AUC; its interval must lie above 0": (
        money_by_margin
    ),
    "without cells no cell holds; where there are none, all of them do": none_hold,
    "without cells money is not asked; it must lie above 0 there too": lambda gaps, margin, money: (
        right_accepted(gaps, margin, money) if gaps else ({}, "accept")
    ),
    "what is not accepted is rejected; it may be open": _by(
        word=lambda cells, low, high: (
            "accept" if set(cells.values()) <= {"holds"} and low > 0 else "reject"
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
