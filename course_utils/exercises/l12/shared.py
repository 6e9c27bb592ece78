"""Lesson 12: what its checks share: calls as text, and the known mistake behind a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

TOLERANCE = 1e-9

Case = tuple[Any, ...]


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(as_code(one) for one in case)})"


def as_code(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)


def same(got: Any, want: Any) -> bool:
    return np.shape(got) == np.shape(want) and bool(np.allclose(got, want, rtol=0, atol=TOLERANCE))


def because(
    cases: Sequence[Case], got: Sequence[Any], mistakes: Mapping[str, Callable[..., Any]]
) -> str:
    """The known mistake that gives this answer's results in every case, if there is one."""
    for said, mistake in mistakes.items():
        with np.errstate(all="ignore"):
            given = [mistake(*case) for case in cases]
        if all(same(one, other) for one, other in zip(got, given, strict=True)):
            return f" It looks as if {said}."
    return ""


def pair_of(value: Any, call: str, parts: str) -> tuple[Any, Any]:
    refuse_none(value, call, parts)
    if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
        reject(f"{call} must return {parts}, got {shorten(value)}.")
    return value[0], value[1]
