"""Task 70.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.picked_slips import MISTAKES, right_picked


def _with_a_loop(points: Any, floor: Any) -> Any:
    at = top = None
    for k, (clicks, money) in enumerate(points):
        if top is None or (money, clicks) > (points[top][1], points[top][0]):
            top = k
        if clicks >= floor and (at is None or (money, clicks) > (points[at][1], points[at][0])):
            at = k
    if at is None or top is None:
        return None
    if at == top:
        return at, 0
    return at, (points[top][1] - points[at][1]) / (points[at][0] - points[top][0])


def _with_pandas(points: Any, floor: Any) -> Any:
    table = pd.DataFrame(points, columns=["clicks", "money"])
    order = table.sort_values(["money", "clicks"], ascending=False, kind="stable")
    kept = order[order["clicks"] >= floor]
    if kept.empty:
        return None
    gap = order.iloc[0] - kept.iloc[0]
    return int(kept.index[0]), 0.0 if gap["clicks"] == 0 else -gap["money"] / gap["clicks"]


def _with_sorted(points: Any, floor: Any) -> Any:
    numbers = sorted(range(len(points)), key=lambda k: (-points[k][1], -points[k][0]))
    kept = [k for k in numbers if points[k][0] >= floor]
    if not kept:
        return None
    (a, b), (c, d) = points[numbers[0]], points[kept[0]]
    return np.array([kept[0], (b - d) / (c - a) if c != a else 0.0])[0], (b - d) / max(c - a, 1e-12)


def _always_a_price(points: Any, floor: Any) -> Any:
    found = right_picked(points, floor)
    return None if found is None else (found[0], found[1] or 1.0)


def _rounded(points: Any, floor: Any) -> Any:
    found = right_picked(points, floor)
    return None if found is None else (found[0], round(found[1], 2))


def _rounded_money(points: Any, floor: Any) -> Any:
    return right_picked([(clicks, round(money, 6)) for clicks, money in points], floor)


def _front_only(points: Any, floor: Any) -> Any:
    """Numbers of the points after the dominated ones are dropped."""
    left = [p for p in points if not any(q[0] > p[0] and q[1] > p[1] for q in points)]
    return right_picked(left, floor)


def _first_of_none(points: Any, floor: Any) -> Any:
    return right_picked(points, floor) if points else (0, 0.0)


def _no_guard(points: Any, floor: Any) -> Any:
    return right_picked(points, floor) or max(one for one in points if one[0] >= floor)


PROOF = Proof(
    task="70.4",
    right=[_with_a_loop, _with_pandas, _with_sorted],
    wrong=[
        *silent(MISTAKES),
        Wrong(_always_a_price, "the price must be 0, got 1", silent=True),
        Wrong(_rounded, "You rounded to 2 decimals", silent=True),
        Wrong(_rounded_money, "4e-07)], 105.0): the price must be", silent=True),
        Wrong(_front_only, "14.0)], 104.0): the point must be 2, got 1.", silent=True),
        Wrong(lambda *case: (right_picked(*case) or (0,))[0], "must be (point, price)"),
        Wrong(
            lambda *case: right_picked(*case) or (-1, 0.0),
            "None, got tuple (-1, 0.0).",
            silent=True,
        ),
        Wrong(
            lambda *case: right_picked(*case) or (None, None), "floor, so the result", silent=True
        ),
        Wrong(lambda *case: right_picked(*case) or (), "must be None, got tuple ().", silent=True),
        Wrong(_first_of_none, "picked([], 10.0): no point keeps the floor", silent=True),
        Wrong(_no_guard, "No point may keep the floor", status="error"),
        Wrong(lambda *case: (99, 0.0), "must be a number from 0 to 2, got 99."),
    ],
)
