"""Task 70.4: the point of a sweep that keeps a floor, and what the floor costs."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l70.picked_slips import MISTAKES, Picked, Points, right_picked
from course_utils.exercises.reading import as_number, has_parts, is_whole
from course_utils.exercises.theirs import shorten


def _sweep(seed: int, n: int) -> Points:
    draw = np.random.default_rng(seed)
    clicks = np.sort(draw.uniform(900, 1100, size=n).round(1))[::-1]
    money = np.sort(draw.uniform(1000, 1500, size=n).round(1))
    return [(float(a), float(b)) for a, b in zip(clicks, money, strict=True)]


CASES: list[Case] = [
    ([(110.0, 10.0), (105.0, 14.0), (100.0, 15.0)], 104.0),
    ([(110.0, 10.0), (105.0, 14.0), (100.0, 15.0)], 105.0),
    ([(110.0, 10.0), (105.0, 14.0), (100.0, 15.0)], 120.0),
    ([(110.0, 10.0), (105.0, 14.0), (100.0, 15.0)], 90.0),
    (_sweep(1, 9), 1010.0),
    (_sweep(2, 12), 990.0),
    # A dominated point before the picked one has a number, too. One between, and the most money not
    # at the end.
    ([(106.0, 9.0), (110.0, 10.0), (105.0, 14.0)], 104.0),
    ([(110.0, 10.0), (106.0, 9.0), (104.0, 16.0), (100.0, 15.0)], 105.0),
    ([(100.0, 15.0), (104.0, 16.0), (106.0, 12.0), (110.0, 10.0)], 104.0),
    # The same money: the one with more clicks; the same point twice: the first.
    ([(107.0, 12.0), (109.0, 12.0), (109.0, 12.0), (100.0, 20.0)], 106.0),
    ([], 10.0),
    ([(50.0, 3.0)], 50.0),
    # A loss: money below 0.
    ([(12.0, -3.0), (8.0, -1.0)], 10.0),
    # Two have the most money: the price is counted from the one with more clicks.
    ([(120.0, 1.0), (100.0, 8.0), (90.0, 8.0)], 110.0),
    ([(120.0, 1.0), (90.0, 8.0), (100.0, 8.0)], 110.0),
    # Clicks as a rate: a click is dear. And a cheap one: what is rounded is seen.
    ([(0.031, 1.2), (0.03, 1.5)], 0.0305),
    ([(110.0, 10.0), (103.0, 10.1)], 105.0),
    # Money in millions.
    ([(110.0, 1e-7), (100.0, 4e-7)], 105.0),
    # An equal point before the picked one has a number as well.
    ([(100.0, 15.0), (100.0, 15.0), (110.0, 10.0)], 104.0),
    # Clicks as a change in percent: below 0, and a floor of 0.
    ([(-0.4, 6.3), (0.1, 2.0), (0.0, 3.0)], 0.0),
]


def _told(case: Case) -> str:
    return call_of("picked", case)


def _flat(found: Picked) -> Picked:
    return None if found is None else (found[0], float(found[1]))


def _read(got: Any, case: Case) -> Picked:
    told = _told(case)
    if got is None:
        return _flat(None)
    if all(clicks < case[1] for clicks, _ in case[0]) and not _is_point(got, len(case[0])):
        reject(f"{told}: no point keeps the floor, so the result must be None, got {shorten(got)}.")
    if not isinstance(got, tuple | list) or len(got) != 2:
        reject(f"{told} must be (point, price), got {shorten(got)}.")
    point = as_number(got[0], f"{told}: the point")
    if not is_whole(point) or not 0 <= point < len(case[0]):
        reject(f"{told}: the point must be a number from 0 to {len(case[0]) - 1}, got {point:g}.")
    return _flat((int(point), as_number(got[1], f"{told}: the price")))


def _is_point(got: Any, n: int) -> bool:
    """Whether it can be read as a point of n and a price."""
    return has_parts(got, 2) and is_whole(got[0]) and isinstance(got[1], Real) and 0 <= got[0] < n


def _wrapped(gives: Callable[[Points, float], Picked]) -> Callable[..., Picked]:
    return lambda *case: _flat(gives(*case))


def check_picked(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: _flat(right_picked(*case)),
        _read,
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
        lambda case, at: f"{_told(case)}: the {('point', 'price')[at[0]]}",
    )


TASK = Task(
    id="70.4",
    prompt="Pick the point of a sweep that keeps a floor of clicks, and say what a click costs.",
    check_answer=check_picked,
    hints=(
        "Two searches for the most money: among all points, and among those that keep the floor.",
        "max(numbers, key=lambda k: (money, clicks, -k)): ties: more clicks, the first.",
        "price = (money of the best - money of the picked) / (clicks of the picked - clicks of the "
        "best), 0 if they are one point",
    ),
    forgotten={
        "empty": "No point may keep the floor, or all may, and `points` may be empty.",
        "ZeroDivisionError": "The price is 0 where both are one point.",
    },
    insight="A floor has a price: money lost for each click kept. Whoever sets it should know it.",
)
