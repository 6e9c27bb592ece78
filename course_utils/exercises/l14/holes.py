"""Task 14.4: days that a log may have lost."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list, is_whole
from course_utils.exercises.theirs import shorten

_CALM = [100, 110, 120, 130, 140, 300, 280]
_LOGS: list[tuple[list[int]]] = [
    ([10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 4, 10],),
    # Saturdays and Sundays are large: a quiet Monday is no hole, a Saturday like a Monday is.
    (_CALM * 3 + [98, 107, 118, 133, 141, 131, 60],),
    # Holes of several days, a day with 0, and one that is exactly half.
    ([*_CALM, 50, 49, 7, 0, 0, 150, 290, 104, 90, 125, 128, 150, 310, 3, *_CALM],),
    # Two weeks only: the median is the mean of two.
    ([100, 8, 50, 80, 30, 200, 90, 34, 100, 17, 26, 91, 66, 30],),
    ([7, 7, 0],),
    ([0, 0, 0, 0, 0, 0, 0, 0],),
    ([5],),
    ([],),
    # Odd medians: half of 7 is 3.5.
    ([7, 9, 11, 13, 15, 17, 19] * 2 + [3, 5, 5, 6, 8, 8, 10] + [4, 4, 6, 7, 7, 9, 9],),
    # A shop that grows threefold.
    ([40, 42, 44, 46, 48, 90, 80, 60, 62, 64, 66, 68, 150, 140, 120, 30, 121, 122, 50, 270, 260],),
    # Two Mondays of four are lost: their 0 counts in the median, and the 3 is no hole.
    ([0, 5, 5, 5, 5, 5, 5] * 2 + [10, 5, 5, 5, 5, 5, 5] + [3, 5, 5, 5, 5, 5, 5],),
    # Counts above 16 and 32 bits.
    ([70_000] * 7 + [30_000] + [70_000] * 6 + [3_000_000_000] * 7 + [5_000_000_000] * 8,),
]  # fmt: skip


def right_holes(counts: Sequence[int]) -> list[int]:
    medians = [statistics.median(counts[day::7]) if counts[day::7] else 0 for day in range(7)]
    return [at for at, count in enumerate(counts) if 2 * count < medians[at % 7]]


def _read(value: Any, case: Case) -> list[int]:
    days = as_list(value, f"{_shown(case)}: the result")
    if not all(map(is_whole, days)):
        reject(f"{_shown(case)}: days must be whole numbers, got {shorten(days)}.")
    return [int(one) for one in days]


def check_holes(answer: Any) -> None:
    gots = [_read(answer(list(counts)), (counts,)) for (counts,) in _LOGS]
    for at, case in enumerate(_LOGS):
        want, got = right_holes(*case), gots[at]
        if got != want:
            why = explain(_LOGS, gots, right_holes, HOLES_MISTAKES, at)
            reject(f"{_shown(case)} must be {want}, got {got}.{why}")
    if _read(answer(list(*_LOGS[0])), _LOGS[0]) != right_holes(*_LOGS[0]):
        reject(f"{_shown(_LOGS[0])}: another result than at first. Keep nothing between calls.")


def _shown(case: Case) -> str:
    return f"holes({case[0]})"


def _below(middle: Callable[[Sequence[int], int], float]) -> Callable[[Sequence[int]], list[int]]:
    def run(counts: Sequence[int]) -> list[int]:
        return [at for at, count in enumerate(counts) if 2 * count < middle(counts, at)]

    return run


def _others(counts: Sequence[int], at: int) -> float:
    rest = [one for k, one in enumerate(counts) if k % 7 == at % 7 and k != at]
    return statistics.median(rest) if rest else 0


def _full_days(counts: Sequence[int], at: int) -> float:
    rest = [one for one in counts[at % 7 :: 7] if one]
    return statistics.median(rest) if rest else 0


HOLES_MISTAKES: Mistakes = {
    "a day that is exactly half of the median is a hole too": lambda counts: [
        at
        for at, one in enumerate(counts)
        if 2 * one <= statistics.median(counts[at % 7 :: 7])
    ],
    "one median of all days is used, where each weekday has its own": _below(
        lambda counts, at: statistics.median(counts)
    ),
    "the mean is used, which the holes pull down": _below(
        lambda counts, at: statistics.mean(counts[at % 7 :: 7])
    ),
    "of two middle counts the lower one is used, where the median is their mean": _below(
        lambda counts, at: statistics.median_low(counts[at % 7 :: 7])
    ),
    "of two middle counts the higher one is used, where the median is their mean": _below(
        lambda counts, at: statistics.median_high(counts[at % 7 :: 7])
    ),
    "the day itself is left out of its median": _below(_others),
    "the median of the days so far is used; later ones of the weekday count too": _below(
        lambda counts, at: statistics.median(counts[at % 7 : at + 1 : 7])
    ),
    "days with 0 are left out of the median": _below(_full_days),
    "days are compared with the days of their week, not of their weekday": _below(
        lambda counts, at: statistics.median(counts[at // 7 * 7 : at // 7 * 7 + 7])
    ),
    "each day is compared with the day before": _below(
        lambda counts, at: counts[at - 1] if at else 0
    ),
    "each day is compared with the same day of the week before": _below(
        lambda counts, at: counts[at - 7] if at > 6 else 0
    ),
    "days are counted from 1, where the first is day 0": lambda counts: [
        at + 1 for at in right_holes(counts)
    ],
    "the counts are returned, not their days": lambda counts: [
        counts[at] for at in right_holes(counts)
    ],
    "days with 0 are left out": lambda counts: [at for at in right_holes(counts) if counts[at]],
    "half of the median is cut to a whole number": lambda counts: [
        at
        for at, one in enumerate(counts)
        if one < statistics.median(counts[at % 7 :: 7]) // 2
    ],
}  # fmt: skip


TASK = Task(
    id="14.4",
    prompt="The days with less than half of their weekday's median.",
    check_answer=check_holes,
    hints=(
        "Each day is compared with days of the same weekday only: day i has the weekday i % 7. "
        "So there are seven medians.",
        "counts[day::7] are all counts of one weekday. Of an even number of counts the median is "
        "the mean of the two middle ones; statistics.median and np.median do that.",
        "[i for i, n in enumerate(counts) if n < np.median(counts[i % 7 :: 7]) / 2].",
    ),
    insight="Look for holes before you compare weeks or cohorts: every later number inherits them.",
)
