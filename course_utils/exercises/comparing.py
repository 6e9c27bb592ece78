"""How every check holds an answer against the right one, and says why it is not."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import (
    Answer,
    AnswerRaised,
    Lazy,
    NotAttempted,
    Rejected,
    reject,
)
from course_utils.exercises.theirs import short_repr
from course_utils.exercises.tolerance import (
    apart,
    first_difference,
    floats,
    near,
    numbers,
    rounded_to,
    same,
)

Case = tuple[Any, ...]
"""The arguments of one call."""

Mistakes = Mapping[str, Callable[..., Any]]
"""What went wrong -> the function that returns what it gives. The words are a sentence that ends
with a full stop, or what goes on after "It looks as if"."""

NOTHING = object()
"""Where a result could not be read, or a mistake has no result."""


def ask_quietly(ask: Callable[..., Any], cases: Iterable[Case]) -> list[Any]:
    """What each case gives, ``NOTHING`` where the answer fails or cannot be read."""
    return [_value(ask, case) for case in cases]


def explain(
    cases: Sequence[Case],
    gots: Sequence[Any],
    right: Callable[..., Any],
    mistakes: Mistakes,
    shown: int,
) -> str:
    """The known mistake behind wrong results, as a sentence with a space before it, or nothing.

    Args:
        cases: arguments of the calls.
        gots: the answer's results, ``NOTHING`` where there is none.
        right: gives the right result of a case.
        mistakes: a mistake is named if it gives the answer's result in every case in which both
            have one; a result that holds nan is none.
        shown: the case that the message shows; there the mistake must give the same result.
    """
    if named := _named(cases, gots, mistakes, shown):
        return named
    read = [k for k in range(len(cases)) if gots[k] is not NOTHING]
    mine, true = [gots[k] for k in read], [right(*cases[k]) for k in read]
    if (digits := rounded_to(mine, true)) is not None:
        return f" You rounded to {digits} decimals. Do not round."
    if near(mine, true):
        return (
            " All your results are near, not equal: do not round, also not on the way, and add no "
            "small number."
        )
    return ""


def _named(cases: Sequence[Case], gots: Sequence[Any], mistakes: Mistakes, shown: int) -> str:
    """The first mistake that gives the results of an answer, as ``explain`` says it."""
    for mistake, gives in mistakes.items():
        if not _fits(gots[shown], value := _value(gives, cases[shown])) or value is NOTHING:
            continue
        if all(_fits(got, _value(gives, case)) for case, got in zip(cases, gots, strict=True)):
            return f" {mistake}" if mistake.endswith(".") else f" It looks as if {mistake}."
    return ""


def compare(
    answer: Callable[..., Any],
    cases: Iterable[Case],
    right: Callable[..., Any],
    read: Callable[[Any, Case], Any],
    shown: Callable[[Case], str],
    mistakes: Mistakes,
    place: Callable[[Case, tuple[Any, ...]], str] | None = None,
) -> None:
    """Hold an answer against the right one on every case; reject at the first that differs.

    Args:
        answer: the learner's function.
        cases: arguments of its calls.
        right: the right result of a case.
        read: from what the answer returned to plain data, or a rejection.
        shown: the call, as text.
        mistakes: what ``explain`` looks among.
        place: how a message calls a number inside a result: a case, and the number's index or
            key -> the begin of a sentence, such as "rates(...): the rate of 'home'".
    """
    all_cases = list(cases)
    wants = [right(*case) for case in all_cases]
    gots: list[Any] = []
    for case in all_cases:
        try:
            gots.append(read(answer(*case), case))
        except (AnswerRaised, Rejected):
            wrong = [at for at in range(len(gots)) if not same(gots[at], wants[at])]
            if wrong:  # by a mistake, perhaps, that is known and gives nan here, or fails
                at, so_far = wrong[0], all_cases[: len(gots)]
                here = {why: of for why, of in mistakes.items() if _value(of, case) is NOTHING}
                if why := _named(so_far, gots, here, at):
                    reject(_difference(so_far[at], gots[at], wants[at], shown, place) + why)
            raise
    wrong = [at for at in range(len(all_cases)) if not same(gots[at], wants[at])]
    if wrong:
        why = explain(all_cases, gots, right, mistakes, at := wrong[0])
        reject(_difference(all_cases[at], gots[at], wants[at], shown, place) + why)
    if not same(read(answer(*(first := all_cases[0])), first), wants[0]):
        reject(
            f"{shown(first)} was right at first; called again it gives another result. Keep "
            "nothing from one call to the next."
        )


def leaving(
    answer: Answer, names: Sequence[str], shown: Callable[[Case], str]
) -> Callable[..., Any]:
    """The answer, rejected where it changes an argument; for tasks whose text forbids that.

    Args:
        answer: the learner's function.
        names: what the text calls the arguments.
        shown: the call, as text.
    """

    def asked(*case: Any) -> Any:
        got = answer(*case)
        at = answer.changed_at
        if at is not None:
            told = f"{shown(case)}: ".replace("\n: ", "\n")
            reject(
                f"{told}your function changes `{names[at]}`, and whoever called it goes on with "
                "that. Leave the arguments as they are: work on a copy."
            )
        return got

    return asked


def _difference(
    case: Case,
    got: Any,
    want: Any,
    shown: Callable[[Case], str],
    place: Callable[[Case, tuple[Any, ...]], str] | None,
) -> str:
    """A sentence on the first thing that differs."""
    path = first_difference(got, want, inside=place is not None)
    for key in path:
        got, want = got[key], want[key]
    if not path:
        subject = shown(case)
    elif place is not None:
        subject = place(case, path)
    elif len(path) == 1:
        subject = f"{shown(case)}: at {'place ' if isinstance(path[0], int) else ''}{path[0]!r} it"
    else:
        subject = f"{shown(case)}: at row {path[0]}, column {path[1]} it"
    texts = short_repr(want, 400), short_repr(got, 400)
    given = floats(want) is not None and floats(got) is not None and np.ndim(want) == 0
    if given and not isinstance(want, bool):
        texts = apart(float(want), float(got))
    return f"{subject} must be {texts[0]}, got {texts[1]}."


def _value(gives: Callable[..., Any], case: Case) -> Any:
    """What a function gives for a case, ``NOTHING`` where it fails or gives nan."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            value = gives(*case)
    except (AnswerRaised, Lazy, NotAttempted, Rejected, ArithmeticError, LookupError, ValueError):
        return NOTHING
    return NOTHING if np.isnan(numbers(value)).any() else value


def _fits(got: Any, value: Any) -> bool:
    return got is NOTHING or value is NOTHING or same(got, value)
