"""Task 15.1: examination probabilities from swapped neighbours."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_list
from course_utils.exercises.theirs import shorten

Row = tuple[int, int, int]
Rows = Sequence[Row]

CASES: list[Case] = [
    ([(1, 1, 1), (1, 1, 1), (1, 2, 1), (1, 2, 0), (2, 2, 1), (2, 3, 1), (2, 1, 1)],),
    ([],),
    ([(1, 2, 1)],),  # no click above
    ([(2, 2, 1), (2, 3, 1)],),  # no page with upper 1
    # Nine pages with upper 1, unlike numbers of rows above and below, other rows between.
    (
        [
            *[(1, 1, 1)] * 4,
            *[(1, 1, 0)] * 3,
            *[(1, 2, 1)] * 3,
            *[(1, 2, 0)] * 6,
            (1, 3, 1),
            (1, 4, 1),
            *[(2, 2, 1)] * 5,
            (2, 2, 0),
            (2, 3, 1),
            (2, 1, 1),
            (2, 4, 1),
            *[(3, 3, 1)] * 2,
            *[(3, 4, 1)] * 3,
            (3, 2, 1),
        ],
    ),
    ([(3, 3, 1), (2, 3, 1), (1, 2, 1), (2, 2, 1), (1, 1, 1), (3, 4, 0), (2, 2, 1), (1, 1, 1)],),
    ([(1, 1, 1), (1, 2, 1), (2, 2, 0), (2, 3, 1), (3, 3, 1), (3, 4, 1)],),  # stops in the middle
    ([(1, 1, 1), (1, 2, 1), (1, 2, 1), (2, 2, 1), (2, 3, 1)],),  # above 1
    ([(1, 1, 1)] * 14 + [(1, 2, 1)] + [(2, 2, 1)] * 3 + [(2, 3, 1)],),  # small numbers
    ([(1, 1, 1), (1, 2, 0), (2, 2, 1), (2, 3, 1)],),  # 0, and it stays 0
]

Ratio = Callable[[Rows, int], tuple[float, float]]


def _clicks(rows: Rows, k: int) -> tuple[float, float]:
    above = sum(click for upper, position, click in rows if upper == position == k)
    below = sum(click for upper, position, click in rows if upper == k == position - 1)
    return above, below


def chain(rows: Rows, ratio: Ratio = _clicks) -> list[float]:
    """The examination probabilities, from what stands above and below of each pair."""
    found = [1.0]
    for k in range(1, max((row[0] for row in rows), default=0) + 1):
        above, below = ratio(rows, k)
        if above == 0:
            break
        found.append(found[-1] * below / above)
    return found


def right_swaps(rows: Rows) -> list[float]:
    return chain(rows)


def _by_rates(rows: Rows, k: int) -> tuple[float, float]:
    def rate(at: int) -> float:
        clicks = [click for upper, position, click in rows if upper == k and position == at]
        return sum(clicks) / len(clicks) if clicks else 0.0

    return rate(k), rate(k + 1)


def _all_pages(rows: Rows, k: int) -> tuple[float, float]:
    return (
        sum(click for _, position, click in rows if position == k),
        sum(click for _, position, click in rows if position == k + 1),
    )


def _ratios(rows: Rows) -> list[float]:
    right = right_swaps(rows)
    pairs = itertools.pairwise(right)
    return [1.0, *(lower / upper if upper else 0.0 for upper, lower in pairs)]


def _padded(rows: Rows) -> list[float]:
    right = right_swaps(rows)
    length = max((row[0] for row in rows), default=0) + 1
    return right + [0.0] * (length - len(right))


MISTAKES: Mistakes = {
    "the ratios are returned, not multiplied along the list": _ratios,
    "clicks of all pages are counted, also of pages that swapped another pair": lambda rows: chain(
        rows, _all_pages
    ),
    "you divide click rates, not numbers of clicks. Swapped at random, both stand equally often "
    "above, so rates are as good, but the text asks for clicks.": lambda rows: chain(
        rows, _by_rates
    ),
    "above and below are exchanged": lambda rows: chain(rows, lambda r, k: _clicks(r, k)[::-1]),
    "rows are counted, whether clicked or not": lambda rows: chain(
        [(upper, position, 1) for upper, position, _ in rows]
    ),
    "equal rows count once: count each of them": lambda rows: chain(list(dict.fromkeys(rows))),
    "the first probability, 1.0, is missing": lambda rows: right_swaps(rows)[1:],
    "a probability is cut off at 1: a ratio may exceed 1": lambda rows: [
        min(1.0, one) for one in right_swaps(rows)
    ],
    "what is unknown is filled with 0: stop there": _padded,
    "one is added to the clicks of both sides": lambda rows: chain(
        rows, lambda r, k: (_clicks(r, k)[0] + 1, _clicks(r, k)[1] + 1)
    ),
}


def check_swaps(answer: Any) -> None:
    compare(answer, CASES, right_swaps, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> list[float]:
    what = f"{_shown(case)}: the result"
    found = as_list(value, what)
    if any(isinstance(one, (list, tuple, np.ndarray)) for one in found):
        reject(f"{what} must be one list of numbers, without lists in it; got {shorten(found)}.")
    return as_array(found, what).tolist() if found else []


def _shown(case: Case) -> str:
    return call_of("examination", case)


TASK = Task(
    id="15.1",
    prompt="Examination probabilities by position, from pages with swapped neighbours.",
    check_answer=check_swaps,
    hints=(
        "Only rows with upper == k count for the step from k to k + 1, and of these only the two "
        "positions k and k + 1.",
        "Start with found = [1.0]; for k from 1 to the largest upper, count clicks above and below "
        "and append found[-1] * below / above; where above is 0, break.",
        "above = sum(c for u, p, c in rows if u == k and p == k); below the same with p == k + 1. "
        "max((u for u, _, _ in rows), default=0) is the largest upper.",
    ),
    insight="The appeal of the products cancels, because chance put each of them above as often "
    "as below. No model of the products is needed.",
)
