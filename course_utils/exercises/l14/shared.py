"""What the checks of lesson 14 share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_utils.exercises.asking import AnswerRaised, NotAttempted, Rejected

Mistakes = Mapping[str, Callable[..., Any]]
"""What a mistake is called -> the answer that makes it."""


def name_it(
    ask: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    mistakes: Mistakes,
    same: Callable[[Any, Any], bool],
) -> str:
    """The mistake that gives what the answer gives in every case that both can do, if any."""

    def results(function: Callable[..., Any]) -> list[Any]:
        found = []
        for case in cases:
            try:
                found.append(function(*case))
            except (AnswerRaised, NotAttempted, Rejected, ValueError, ZeroDivisionError):
                found.append(_NOTHING)
        return found

    got = results(ask)
    for name, mistake in mistakes.items():
        pairs = zip(got, results(mistake), strict=True)
        if all(a is _NOTHING or b is _NOTHING or same(a, b) for a, b in pairs):
            return f" It looks as if {name}."
    return ""


_NOTHING = object()
