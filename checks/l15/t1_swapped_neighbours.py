"""Task 15.1: examination probabilities from swapped neighbours."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, as_list
from course_utils.exercises.theirs import shorten

right = LessonAnswer("15.1", itertools=itertools)
edit, first, returning = right.edit, right.first, right.returning

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

ABOVE, BELOW = "upper == position == k", "upper == k == position - 1"
RATE = "np.mean([click for upper, position, click in rows if upper == k and position == {}] or 0)"

SLIPS = {
    "the ratios are returned, not multiplied along the list": returning(
        "[1.0, *(low / up if up else 0.0 for up, low in itertools.pairwise(result))]"
    ),
    "clicks of all pages are counted, also of pages that swapped another pair": edit(
        {ABOVE: "position == k", BELOW: "position == k + 1"}
    ),
    "you divide click rates, not numbers of clicks. Swapped at random, both stand equally often "
    "above, so rates are as good, but the text asks for clicks.": edit(
        {
            f"sum(click for upper, position, click in rows if {ABOVE})": RATE.format("k"),
            f"sum(click for upper, position, click in rows if {BELOW})": RATE.format("k + 1"),
        }
    ),
    "above and below are exchanged": edit({ABOVE: BELOW, BELOW: ABOVE}),
    "rows are counted, whether clicked or not": first(
        "rows = [(upper, position, 1) for upper, position, _ in rows]"
    ),
    "equal rows count once: count each of them": first("rows = list(dict.fromkeys(rows))"),
    "the first probability, 1.0, is missing": returning("result[1:]"),
    "a probability is cut off at 1: a ratio may exceed 1": returning(
        "[min(1.0, one) for one in result]"
    ),
    "what is unknown is filled with 0: stop there": returning(
        "result + [0.0] * (max((row[0] for row in rows), default=0) + 1 - len(result))"
    ),
    "one is added to the clicks of both sides": edit(
        {"above = sum(": "above = 1 + sum(", "below = sum(": "below = 1 + sum("}
    ),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> list[float]:
    what = f"{shown(case)}: the result"
    found = as_list(value, what)
    if any(isinstance(one, (list, tuple, np.ndarray)) for one in found):
        reject(f"{what} must be one list of numbers, without lists in it; got {shorten(found)}.")
    return as_array(found, what).tolist() if found else []


TASK = checked(
    "15.1",
    "Examination probabilities by position, from pages with swapped neighbours.",
    right,
    CASES,
    SLIPS,
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
    shown=shown,
    read=_read,
    leaves=False,
)
