"""Task 14.2: conversion in a window."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Mistakes, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import apart, same

Clicks = tuple[list[tuple[float, float]], float, float]
NAN = math.nan

_CLICKS: list[Clicks] = [
    ([(0, 0.5), (3600, 2), (3601, 0.1)], 7200, 1),
    ([(0, NAN), (100, 3), (200, 3.5), (90_000, NAN), (99_999, 0.2)], 100_000, 3),
    ([(0, 24), (900, 24.5), (50_000, 1), (86_400, 30), (170_000, 0.3), (400_000, 1)], 172_800, 24),
    ([(7100, 0.01)], 7200, 1),
    ([(0, NAN), (60, NAN)], 7200, 0.5),
    ([(9000, 0.1), (10_000, NAN)], 7200, 0.5),
    ([(0, 100.0), (3600, 0.7), (7200, 47.9), (10_800, NAN), (14_400, 48.0)], 187_200, 48),
    # Half an hour, and an hour and a half: whole hours give other shares.
    ([(5400, 0.4), (4500, 0.6), (5399, 0.5), (5401, 0.1), (7180, NAN)], 7200, 0.5),
    ([(3000, 1.4), (0, 1.2), (1800, 1.6), (2400, NAN), (1000, 0.9), (1801, 0.3)], 7200, 1.5),
    # In no order; bought at the very moment of the click.
    ([(7000, 0.5), (100, 0.0), (50, 2), (3600, 0.0), (20, NAN)], 7200, 1),
    # Time stamps of 2025, of which 32 bits keep the minute only.
    ([(1_735_689_600, 0.5), (1_735_689_605, 0.1), (1_735_689_601, NAN)], 1_735_693_203, 1),
    ([], 7200, 1),
    # Clicks that are alike, and hours that are near the window.
    ([(0, NAN), (0, NAN), (0, 0.54), (5, 0.3)], 7200, 0.5),
    ([(k, NAN if k else 0.5) for k in range(30)], 7200, 1),  # a share below 0.1
    ([(2_147_483_000, 0.5)], 2_147_484_000, 1.5),  # the window ends where 32 bits do not reach
]  # fmt: skip


def conversion(rows: Any, now: float, window: float) -> float | None:
    hits = [hours <= window for at, hours in rows if now - at >= 3600 * window]
    return sum(hits) / len(hits) if hits else None


def _frame(rows: Any) -> pd.DataFrame:
    """As it comes from a filter and a concat: the index is in no order, and labels stand twice."""
    frame = pd.DataFrame(rows, columns=["timestamp", "hours_to_purchase"], dtype=float)
    frame["timestamp"] = frame["timestamp"].astype("int64")
    return frame.set_axis([(7 * at + 5) % 4 for at in range(len(rows))])


def check_conversion(answer: Any) -> None:
    def ask(rows: Any, now: float, window: float) -> float | None:
        got = answer(_frame(rows), now, window)
        # None is a legal result, so also where a number is wanted it is no missing return.
        return None if got is None else as_number(got, f"{_told(rows, now, window)}the share")

    wanted = [case for case in _CLICKS if conversion(*case) is not None]
    gots = [ask(*case) for case in wanted]
    for at, case in enumerate(wanted):
        want, got = conversion(*case), gots[at]
        if want is not None and not same(got, want):
            why = explain(wanted, gots, conversion, CONVERSION_MISTAKES, at)
            texts = (f"{want:.4f}", "None") if got is None else apart(want, got)
            if got is None:
                rows, now, window = case
                old = sum(now - at >= 3600 * window for at, _ in rows)
                why = why or f" Of these clicks {old} {'is' if old == 1 else 'are'} old enough."
            if all(one is None for one in gots):
                why += " Did you forget a return?"
            reject(f"{_told(*case)}expected {texts[0]}, got {texts[1]}.{why}")
    for case in _CLICKS:
        if conversion(*case) is None and (other := answer(_frame(case[0]), *case[1:])) is not None:
            reject(f"{_told(*case)}no click is old enough: expected None, got {other}.")
    if not same(ask(*wanted[0]), conversion(*wanted[0])):
        reject(f"{_told(*wanted[0])}another result than at first. Keep nothing between calls.")


def _told(rows: Any, now: float, window: float) -> str:
    times, hours = [one for one, _ in rows], [one for _, one in rows]
    return f"With clicks at {times}, hours_to_purchase {hours}, now={now}, window={window}: "


def _share(hits: list[bool], of: int | None = None) -> float | None:
    count = len(hits) if of is None else of
    return sum(hits) / count if count else None


def _by_label(rows: Any, now: float, window: float) -> float | None:
    frame = _frame(rows)
    old = frame.loc[frame.index[frame["timestamp"] + 3600 * window <= now]]
    return _share((old["hours_to_purchase"] <= window).tolist())


CONVERSION_MISTAKES: Mistakes = {
    "clicks younger than the window are counted too": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if at <= now]
    ),
    "clicks are taken by their label, and two may have one label": _by_label,
    "all clicks are counted, also those after now": lambda rows, now, window: _share(
        [hours <= window for _, hours in rows]
    ),
    "purchases after the window count as well": lambda rows, now, window: _share(
        [hours == hours for at, hours in rows if now - at >= 3600 * window]
    ),
    "purchases after the window count if they are known at now": lambda rows, now, window: _share(
        [at + 3600 * hours <= now for at, hours in rows if now - at >= 3600 * window]
    ),
    "a click exactly as old as the window is left out": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if now - at > 3600 * window]
    ),
    "a purchase exactly at the end of the window is left out": lambda rows, now, window: _share(
        [hours < window for at, hours in rows if now - at >= 3600 * window]
    ),
    "the window is taken for seconds where the age is compared": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if now - at >= window]
    ),
    "the window is taken for minutes where the age is compared": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if now - at >= 60 * window]
    ),
    "the age is cut to whole hours": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if (now - at) // 3600 >= window]
    ),
    "the window is cut to whole hours": lambda rows, now, window: conversion(
        rows, now, int(window)
    ),
    "a missing hours_to_purchase counts as 0 hours": lambda rows, now, window: _share(
        [not hours > window for at, hours in rows if now - at >= 3600 * window]
    ),
    "a purchase 0 hours after the click counts as none": lambda rows, now, window: _share(
        [0 < hours <= window for at, hours in rows if now - at >= 3600 * window]
    ),
    "clicks without a purchase are left out of the share": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if now - at >= 3600 * window and hours == hours]
    ),
    "the old clicks that bought are divided by all clicks": lambda rows, now, window: (
        None
        if conversion(rows, now, window) is None
        else _share([hours <= window for at, hours in rows if now - at >= 3600 * window], len(rows))
    ),
}


TASK = Task(
    id="14.2",
    prompt="The share of old enough clicks that bought within the window.",
    check_answer=check_conversion,
    hints=(
        "Two conditions, on two columns: which clicks count (their age), and which of them "
        "are a success (hours to the purchase). Mind seconds and hours.",
        "Keep the rows with timestamp + 3600 * window <= now. A comparison with NaN is False, "
        "which is what is wanted for clicks without a purchase.",
        "old = clicks[...]; return None if old.empty, else "
        "(old['hours_to_purchase'] <= window).mean().",
    ),
    insight="Equal age, equal window: only such conversions may be compared.",
)
