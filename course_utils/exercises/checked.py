"""A task from its parts: the lesson's answer, inputs, slips, hints; and how a result is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of, with_lines
from course_utils.exercises.comparing import Case, Mistakes, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import (
    as_array,
    as_list,
    as_number_or_none,
    has_parts,
    refuse_none,
)
from course_utils.exercises.theirs import short_repr, shorten
from course_utils.exercises.tolerance import floats, numbers

Shown = Callable[[Case], str]
"""The call of a case as text, up to the verb: ``"f(1, 2)"``."""

Read = Callable[[Any, Case], Any]
"""From what an answer returned for a case to plain data, or a rejection."""

Place = Callable[[Case, tuple[Any, ...]], str]
"""What a message calls one number of a result: of the case, and of the number's index or key."""


def checked(
    id: str,
    prompt: str,
    right: LessonAnswer,
    cases: Sequence[Case],
    slips: Mistakes,
    hints: tuple[str, str, str],
    insight: str,
    *,
    edges: Sequence[Case] = (),
    shown: Shown | None = None,
    read: Read | None = None,
    place: Place | None = None,
    parts: Sequence[str] = (),
    not_finite: str | Callable[[Case], str] = "",
    leaves: bool = True,
    **of_task: Any,
) -> Task:
    """The task of writing a function that gives what the lesson's answer gives.

    Args:
        cases: arguments of its calls.
        slips: what went wrong, as it goes on after "It looks as if" -> a function that does it.
        edges: more calls, asked after the others, so that a slip shows before an edge hides it.
        shown: the call as text; its arguments one a line, if none is given.
        read: how a result becomes plain data; as the right one is built, if none is given.
        place: see ``Place``; in the form of ``shown``, if none is given.
        parts: what the parts of a result of several are called.
        not_finite: said where a result holds nan or infinity: where that comes from. Of the case,
            where that decides.
        leaves: whether an answer that changes its arguments is rejected.
        of_task: what else ``Task`` takes.
    """
    told = shown or in_lines(right)
    if read is None:
        optional = any(right(*case) is None for case in [*cases, *edges])
        read = like(right, told, parts, not_finite, optional)
        place = place or _place_in(told, parts)
    reading = read

    def check(answer: Any) -> None:
        whole = shown or in_lines(right, "")
        asked = leaving(answer, right.arguments, whole) if leaves else answer
        for calls in [cases, [*cases, *edges]][: 2 if edges else 1]:
            compare(asked, calls, right, reading, told, slips, place)

    return Task(id, prompt, check, hints, insight, slips=slips, right=right, cases=cases, **of_task)


def in_lines(right: LessonAnswer, noun: str = "the result") -> Shown:
    """Each argument on a line of its own, then what the message speaks of."""
    return lambda case: with_lines(**dict(zip(right.arguments, case, strict=True))) + noun


def in_one_line(right: LessonAnswer) -> Shown:
    """The call as code: ``"f(1, 2)"``."""
    return lambda case: call_of(right.name, case)


def like(
    right: LessonAnswer,
    told: Shown,
    parts: Sequence[str] = (),
    not_finite: str | Callable[[Case], str] = "",
    optional: bool = False,
) -> Read:
    """Reads a result as the kind of data that the right one is; see ``checked``.

    Args:
        optional: whether None is right in some case, so that it is no forgotten return.
    """

    def read(got: Any, case: Case) -> Any:
        want, why = right(*case), not_finite if isinstance(not_finite, str) else not_finite(case)
        if not parts:
            if not optional:
                refuse_none(got, told(case), "one number")
            return read_like(got, want, told(case), why)
        many = f"{len(parts)} results, {', '.join(parts)}"
        refuse_none(got, told(case), many)
        if not has_parts(got, len(parts)):
            reject(f"{told(case)} must be {many}, got {shorten(got)}.")
        if want == (None,) * len(parts) and any(_holds_no_number(one) for one in got):
            reject(f"{told(case)} must be {want}, got {short_repr(got)}.")
        return tuple(
            read_like(mine, true, f"{told(case)}: {name}", why)
            for mine, true, name in zip(got, want, parts, strict=True)
        )

    return read


def read_like(got: Any, want: Any, told: str, not_finite: str = "") -> Any:
    """What came as plain data of the kind that is wanted: None, a number, a list, an array."""
    if (
        not_finite
        and want is not None
        and _holds_no_number(got)
        and np.shape(got) == np.shape(want)
    ):
        held = "nan" if np.isnan(numbers(got)).any() else "infinity"
        what = f"not hold {held}" if np.ndim(want) else f"be a finite number, got {held}"
        reject(f"{told} must {what}. {not_finite}")
    if isinstance(want, np.ndarray):
        return as_array(got, told, want.shape)
    if isinstance(want, list):
        return as_list(got, told)
    return as_number_or_none(got, told, want is None)


def _holds_no_number(value: Any) -> bool:
    found = floats(value)
    return found is not None and not np.isfinite(found).all()


def _place_in(told: Shown, parts: Sequence[str]) -> Place:
    def place(case: Case, path: tuple[Any, ...]) -> str:
        if parts:
            part = f"{told(case)}: {parts[path[0]]}"
            return f"{part} at {', '.join(map(str, path[1:]))}" if path[1:] else part
        return f"{told(case)} at {', '.join(map(str, path))}"

    return place
