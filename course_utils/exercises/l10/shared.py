"""Lesson 10: how its checks compare tables, and find the mistake behind a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.asking import Answer, reject
from course_utils.exercises.theirs import shorten

Case = tuple[Any, ...]


def same(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=0, atol=1e-6)


def as_table(value: Any, what: str, shape: tuple[int, ...]) -> np.ndarray:
    """A float array of this shape; unlike ``as_array`` it may hold -inf."""
    if value is None:
        reject(f"{what} must be an array, got None. Did you forget a return?")
    try:
        got = np.asarray(value, dtype=float)
    except Exception:  # ragged lists, text, or a learner's own __array__
        reject(f"{what} must be an array of numbers, got {shorten(value)}.")
    if got.shape != shape:
        reject(f"{what} must have shape {shape}, got shape {got.shape}.")
    if np.isnan(got).any():
        reject(f"{what} must not hold nan; did you divide by zero?")
    return got


def compare(
    answer: Answer,
    cases: Iterable[Case],
    right: Callable[..., Any],
    read: Callable[[Any, Case], Any],
    shown: Callable[[Case], str],
    mistakes: Mapping[str, Callable[..., Any]],
) -> None:
    """Hold an answer against the right one on every case; reject at the first that differs.

    Args:
        read: from what the answer returned to numbers, or a rejection.
        shown: the call, as text.
        mistakes: what a known mistake looks like -> what it would return. A mistake is named
            where it explains all cases.
    """
    all_cases = list(cases)
    got = [read(answer(*case), case) for case in all_cases]
    want = [right(*case) for case in all_cases]
    wrong = next((k for k in range(len(got)) if not same(got[k], want[k])), None)
    if wrong is None:
        return
    said = _difference(shown(all_cases[wrong]), want[wrong], got[wrong])
    rounded = {
        f"You round to {digits} decimals: do not round.": (
            lambda *case, digits=digits: np.round(right(*case), digits)
        )
        for digits in range(1, 6)
    }
    for why, mistake in {**mistakes, **rounded}.items():
        with np.errstate(all="ignore"):
            if all(same(g, mistake(*case)) for g, case in zip(got, all_cases, strict=True)):
                reject(f"{said} {why}")
    reject(said)


def _difference(call: str, want: Any, got: Any) -> str:
    if np.ndim(want) == 0:
        texts = _apart(float(want), float(got))
        return f"{call} must be {texts[0]}, got {texts[1]}."
    differs = ~np.isclose(want, got, rtol=0, atol=1e-6)
    at = tuple(int(k) for k in np.argwhere(differs)[0])
    place = f"place {at[0]}" if len(at) == 1 else f"row {at[0]}, column {at[1]}"
    texts = _apart(float(np.asarray(want)[at]), float(np.asarray(got)[at]))
    return f"{call}: at {place} it must be {texts[0]}, got {texts[1]}."


def _apart(want: float, got: float) -> tuple[str, str]:
    """Both as text, with as many digits as it takes to see that they differ."""
    texts = "", ""
    for digits in (4, 7, 12):
        texts = f"{want:.{digits}f}", f"{got:.{digits}f}"
        if texts[0] != texts[1]:
            break
    return texts
