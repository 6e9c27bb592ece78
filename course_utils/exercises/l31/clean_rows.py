"""Task 31.6: how many clean rows give what noisy ones gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_ROWS = [300, 1_000, 3_000, 10_000]
_SCORES = [0.84, 0.88, 0.91, 0.93]
_CASES: list[Case] = [
    ([100, 10_000], [0.8, 0.9], 0.85),
    (_ROWS, _SCORES, 0.9),
    (_ROWS, _SCORES, 0.88),
    (_ROWS, _SCORES, 0.93),
    (_ROWS, _SCORES, 0.84),
    (_ROWS, _SCORES, 0.83),
    (_ROWS, _SCORES, 0.95),
    (_ROWS, _SCORES, 0.925),
    ([10, 20, 40], [-0.5, 0.0, 0.25], -0.1),
    (np.array([50, 100, 200], np.uint8), np.array([0.5, 0.6, 0.8]), 0.7),
    ([7], [0.6], 0.6),
    (_ROWS, _SCORES, 0.8399999),
    (_ROWS, _SCORES, 0.9300001),
]


def right_clean_rows(rows: Any, scores: Any, noisy: float) -> float:
    if noisy < scores[0]:
        return 0.0
    if noisy > scores[-1]:
        return float("inf")
    return float(np.exp(np.interp(noisy, scores, np.log(np.asarray(rows, float)))))


def clamped(rows: Any, scores: Any, noisy: float) -> float:
    """What np.interp does outside."""
    return float(np.exp(np.interp(noisy, scores, np.log(np.asarray(rows, float)))))


def _linear(rows: Any, scores: Any, noisy: float) -> float:
    inside = right_clean_rows(rows, scores, noisy)
    if not 0 < inside < float("inf"):
        return inside
    return float(np.interp(noisy, scores, np.asarray(rows, float)))


def _nearest(rows: Any, scores: Any, noisy: float) -> float:
    inside = right_clean_rows(rows, scores, noisy)
    if not 0 < inside < float("inf"):
        return inside
    return float(rows[int(np.abs(np.subtract(scores, noisy)).argmin())])


def _next(rows: Any, scores: Any, noisy: float) -> float:
    enough = [row for row, score in zip(rows, scores, strict=True) if score >= noisy]
    return 0.0 if noisy < scores[0] else float(min(enough, default=float("inf")))


def _ends(rows: Any, scores: Any, noisy: float) -> float:
    """One line from the first to the last point."""
    inside = right_clean_rows(rows, scores, noisy)
    if not 0 < inside < float("inf") or len(rows) == 1:
        return inside
    low, high = np.log(float(rows[0])), np.log(float(rows[-1]))
    return float(np.exp(low + (noisy - scores[0]) / (scores[-1] - scores[0]) * (high - low)))


def _swapped(rows: Any, scores: Any, noisy: float) -> float:
    inside = right_clean_rows(rows, scores, noisy)
    return float("inf") if inside == 0 else 0.0 if inside == float("inf") else inside


def _logarithm(rows: Any, scores: Any, noisy: float) -> float:
    inside = right_clean_rows(rows, scores, noisy)
    return float(np.log(inside)) if 0 < inside < float("inf") else inside


def _eight_bits(rows: Any, scores: Any, noisy: float) -> float:
    inside = right_clean_rows(rows, scores, noisy)
    if not 0 < inside < float("inf"):
        return inside
    return float(np.exp(np.interp(noisy, scores, np.log(rows))))


def _tolerant(rows: Any, scores: Any, noisy: float) -> float:
    return (
        right_clean_rows(rows, scores, np.clip(noisy, scores[0], scores[-1]))
        if (scores[0] - 1e-3 <= noisy <= scores[-1] + 1e-3)
        else right_clean_rows(rows, scores, noisy)
    )


def _at_the_end(rows: Any, scores: Any, noisy: float) -> float:
    return 0.0 if noisy <= scores[0] else right_clean_rows(rows, scores, noisy)


MISTAKES: dict[str, Callable[..., Any]] = {
    "outside the curve its end is returned: np.interp clamps": clamped,
    "it is interpolated in the rows themselves, not in their logarithm": _linear,
    "the nearest measured size is returned, nothing between": _nearest,
    "the next measured size that is enough is returned, nothing between": _next,
    "one line is drawn from the first point to the last, past those between": _ends,
    "below and above the curve are exchanged": _swapped,
    "the logarithm of the rows is returned": _logarithm,
    "np.log of eight-bit whole numbers has three digits: make the rows floats first": _eight_bits,
    "a score a little outside the curve counts as its end": _tolerant,
    "the first score itself gives 0: it was measured, so it gives its rows": _at_the_end,
    "the rows are rounded to whole ones": (
        lambda rows, scores, noisy: float(np.round(right_clean_rows(rows, scores, noisy)))
    ),
}


def check_clean_rows(answer: Any) -> None:
    names = ("rows", "scores", "noisy")
    compare(
        leaving(answer, names, _told),
        _CASES,
        right_clean_rows,
        lambda got, case: as_number(got, _told(case), infinite=True),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("clean_rows", case)


TASK = Task(
    id="31.6",
    prompt="Return how many clean rows give the score that noisy rows gave.",
    check_answer=check_clean_rows,
    hints=(
        "The curve goes from rows to a score. You have a score and want rows: read it backwards.",
        "np.interp(noisy, scores, np.log(rows)) reads it backwards on logarithms, and needs "
        "scores that rise. Outside it returns an end of the curve.",
        "if noisy < scores[0]: return 0.0; if noisy > scores[-1]: return float('inf'); then "
        "np.exp(np.interp(noisy, scores, np.log(np.asarray(rows, float)))).",
    ),
    insight="'A tenth of the labels is wrong' says little; 'they are worth half' can be priced.",
)
