"""Task 14.2: conversion in a window."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Mistakes, ask_quietly, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

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
]  # fmt: skip


def conversion(rows: Any, now: float, window: float) -> float | None:
    hits = [hours <= window for at, hours in rows if now - at >= 3600 * window]
    return sum(hits) / len(hits) if hits else None


def _frame(rows: Any) -> pd.DataFrame:
    """As it comes from a filter: the index has gaps and is in no order."""
    frame = pd.DataFrame(rows, columns=["timestamp", "hours_to_purchase"], dtype=float)
    return frame.set_axis([(7 * at + 5) % 23 for at in range(len(rows))])


def check_conversion(answer: Any) -> None:
    def ask(rows: Any, now: float, window: float) -> float | None:
        got = answer(_frame(rows), now, window)
        if got is None and conversion(rows, now, window) is None:
            return None
        return as_number(got, f"{_told_clicks(rows, now, window)}the share")

    for at, case in enumerate(_CLICKS):
        want, told = conversion(*case), _told_clicks(*case)
        if want is None:
            got = answer(_frame(case[0]), *case[1:])
            if got is not None:
                reject(f"{told}no click is old enough: expected None, got {shorten(got)}.")
        elif not same(found := ask(*case), want):
            gots = ask_quietly(ask, _CLICKS)
            why = explain(_CLICKS, gots, conversion, CONVERSION_MISTAKES, at)
            reject(f"{told}expected {want:.4f}, got {found:.4f}.{why}")


def _told_clicks(rows: Any, now: float, window: float) -> str:
    times, hours = [one for one, _ in rows], [one for _, one in rows]
    return f"With clicks at {times}, hours_to_purchase {hours}, now={now}, window={window}: "


def _share(hits: list[bool], of: int | None = None) -> float | None:
    count = len(hits) if of is None else of
    return sum(hits) / count if count else None


CONVERSION_MISTAKES: Mistakes = {
    "clicks younger than the window are counted too": lambda rows, now, window: _share(
        [hours <= window for at, hours in rows if at <= now]
    ),
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
