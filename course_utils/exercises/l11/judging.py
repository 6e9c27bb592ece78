"""One way to hold an answer against the right one, and to name the mistake in its results."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_utils.exercises.asking import AnswerRaised, NotAttempted, Rejected, reject

TOLERANCE = 1e-6
Case = tuple[Any, ...]


def judge(
    answer: Callable[..., Any],
    cases: Sequence[Case],
    right: Callable[..., Any],
    read: Callable[[Any, str], Any],
    tell: Callable[..., str],
    mistakes: Mapping[str, Callable[..., Any]],
) -> None:
    """Reject at the first case whose result differs, with the mistake that explains them all.

    Args:
        answer: the learner's function.
        cases: arguments of its calls.
        right: the right result of a case.
        read: a result as plain data, or a rejection; the second argument names it.
        tell: a case in words.
        mistakes: what went wrong -> the result that it gives.
    """
    for case in cases:
        told, want = tell(*case), right(*case)
        got = read(answer(*case), f"{told}: the result")
        if not same(got, want):
            why = _why(answer, cases, case, read, mistakes)
            reject(f"{told}: expected {text(want)}, got {text(got)}.{why}")


def same(got: Any, want: Any) -> bool:
    """Equal; numbers within ``TOLERANCE``."""
    if isinstance(want, dict):
        return (
            isinstance(got, dict)
            and set(got) == set(want)
            and all(same(got[key], want[key]) for key in want)
        )
    if isinstance(want, float) and isinstance(got, float):
        return math.isclose(got, want, rel_tol=0, abs_tol=TOLERANCE)
    return bool(got == want)


def text(value: Any) -> str:
    """A result as it stands in a message: numbers with six decimals."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {text(item)}" for key, item in value.items()) + "}"
    return f"{value:.6f}" if isinstance(value, float) else repr(value)


def _why(
    answer: Callable[..., Any],
    cases: Sequence[Case],
    shown: Case,
    read: Callable[[Any, str], Any],
    mistakes: Mapping[str, Callable[..., Any]],
) -> str:
    """The first mistake that gives the answer's result in every case that could be read."""
    runs = []
    for case in [shown, *cases]:
        try:
            runs.append((case, read(answer(*case), "")))
        except (AnswerRaised, NotAttempted, Rejected):
            continue
    for mistake, gives in mistakes.items():
        if all(_gives(gives, case, got) for case, got in runs):
            return f" It looks as if {mistake}."
    return ""


def _gives(mistake: Callable[..., Any], case: Case, got: Any) -> bool:
    try:
        return same(got, mistake(*case))
    except (ArithmeticError, ValueError):  # this mistake has no result here
        return False
