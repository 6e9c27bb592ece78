"""Lesson 53: what its checks share: one way to hold any kind of result against the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, Mistakes, compare, leaving
from course_utils.exercises.reading import (
    as_array,
    as_list,
    as_number_or_none,
    has_parts,
    refuse_none,
)
from course_utils.exercises.theirs import short_repr, shorten
from course_utils.exercises.tolerance import floats, numbers


def hold(
    answer: Any,
    names: Sequence[str],
    cases: Sequence[Case],
    right: Callable[..., Any],
    mistakes: Mistakes,
    parts: Sequence[str] = (),
    not_finite: str | Callable[[Case], str] = "",
) -> None:
    """Hold an answer against the right one; its arguments stay as they are.

    Args:
        answer: the learner's function. names: what the text calls its arguments.
        cases: arguments of its calls. right: gives the right result. mistakes: words -> a slip.
        parts: what the parts of a result of several are called.
        not_finite: said where a result holds nan or infinity: where that comes from. Of the case,
            where that decides.
    """

    optional = any(right(*case) is None for case in cases)

    def told(case: Case) -> str:
        return with_lines(**dict(zip(names, case, strict=True))) + "the result"

    def read(got: Any, case: Case) -> Any:
        want, why = right(*case), not_finite if isinstance(not_finite, str) else not_finite(case)
        if not parts:
            if not optional:
                refuse_none(got, told(case), "one number")
            return read_like(got, want, told(case), why)
        refuse_none(got, told(case), f"{len(parts)} results, {', '.join(parts)}")
        if not has_parts(got, len(parts)):
            said = f"{len(parts)} results, {', '.join(parts)}"
            reject(f"{told(case)} must be {said}, got {shorten(got)}.")
        if want == (None,) * len(parts) and any(_not_finite(one) for one in got):
            reject(f"{told(case)} must be {want}, got {short_repr(got)}.")
        return tuple(
            read_like(mine, true, f"{told(case)}: {name}", why)
            for mine, true, name in zip(got, want, parts, strict=True)
        )

    def place(case: Case, path: tuple[Any, ...]) -> str:
        if parts:
            part = f"{told(case)}: {parts[path[0]]}"
            return f"{part} at {', '.join(map(str, path[1:]))}" if path[1:] else part
        return f"{told(case)} at {', '.join(map(str, path))}"

    compare(leaving(answer, names, told), cases, right, read, told, mistakes, place)


def _not_finite(value: Any) -> bool:
    found = floats(value)
    return found is not None and not np.isfinite(found).all()


def read_like(got: Any, want: Any, told: str, not_finite: str = "") -> Any:
    """What came as plain data of the kind that is wanted: None, a number, a list, an array."""
    if not_finite and want is not None and _not_finite(got) and np.shape(got) == np.shape(want):
        held = "nan" if np.isnan(numbers(got)).any() else "infinity"
        what = f"not hold {held}" if np.ndim(want) else f"be a finite number, got {held}"
        reject(f"{told} must {what}. {not_finite}")
    if isinstance(want, np.ndarray):
        return as_array(got, told, want.shape)
    if isinstance(want, list):
        return as_list(got, told)
    return as_number_or_none(got, told, want is None)
