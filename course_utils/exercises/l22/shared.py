"""Lesson 22: what its checks share: results that may be nan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from course_utils.exercises.asking import Rejected, reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.reading import as_array, as_number


class _NoNumber:
    """Stands for nan in a result: equal to itself, and to nothing else."""

    def __repr__(self) -> str:
        return "nan"

    def __deepcopy__(self, memo: Any) -> _NoNumber:
        return self


NAN = _NoNumber()


def marked(number: float) -> Any:
    """The number itself, or ``NAN``."""
    return NAN if np.isnan(number) else float(number)


def read_number(value: Any, what: str) -> Any:
    """One number, or ``NAN`` where nan came; all else is rejected."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "f" and array.size == 1 and np.isnan(array).all():
            return NAN
        if array.dtype.kind == "f" and array.size == 1 and np.isinf(array).all():
            reject(f"{what} must be one number, or nan where there is none, got {array.item()}.")
    except Rejected:
        raise
    except Exception:  # ragged lists, or a learner's own __array__
        pass
    return as_number(value, what)


def read_table(value: Any, what: str, shape: tuple[int, ...]) -> dict[tuple[int, ...], Any]:
    """An array of this shape by place, ``NAN`` where nan came; all else is rejected."""
    if np.ma.is_masked(value):
        reject(f"{what} holds masked entries: end with .filled(np.nan).")
    try:
        array = np.asarray(value)
        empty = np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)
    except Exception:
        return table_of(as_array(value, what, shape))
    known = np.where(empty, 0, array) if empty.any() else value
    numbers = as_array(known, what, shape, infinite=True)
    return table_of(np.where(empty, np.nan, numbers))


def table_of(array: np.ndarray) -> dict[tuple[int, ...], Any]:
    return {at: marked(one) for at, one in np.ndenumerate(array)}


def compare_numbers(
    answer: Any,
    name: str,
    arguments: Sequence[str],
    cases: Sequence[Case],
    right: Callable[..., float],
    mistakes: Mapping[str, Callable[..., float]],
) -> None:
    """Hold an answer of one number, or nan, against the right one; its arguments stay as they are.

    Args:
        answer: the learner's function.
        name: what the text calls it.
        arguments: what the text calls its arguments.
        cases: arguments of its calls.
        right: gives the right result of a case.
        mistakes: a mistake -> what gives its result.
    """

    def told(case: Case) -> str:
        return call_of(name, case)

    def with_mark(gives: Callable[..., float]) -> Callable[..., Any]:
        return lambda *case: marked(gives(*case))

    compare(
        leaving(answer, arguments, told),
        cases,
        with_mark(right),
        lambda got, case: read_number(got, told(case)),
        told,
        {why: with_mark(slip) for why, slip in mistakes.items()},
    )


WORDS = ("helps", "harms", "open")


def gains_of(helped: np.ndarray, alone: np.ndarray) -> np.ndarray:
    gains = helped - alone
    return gains[~np.isnan(gains)]


def word_of(low: float, high: float) -> str:
    return "helps" if low > 0 else "harms" if high < 0 else "open"


def told(mean: float, half: float, word: str | None = None) -> dict[str, Any]:
    low, high = float(mean - half), float(mean + half)
    return {"mean": float(mean), "low": low, "high": high, "word": word or word_of(low, high)}


def half_of(gains: np.ndarray) -> float:
    n = len(gains)
    return float(stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n))
