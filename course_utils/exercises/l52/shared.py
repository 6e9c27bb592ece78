"""What the checks of lesson 52 share: a comparison whose known mistakes may be the article's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_utils.exercises.asking import Answer, AnswerRaised, GotNone, Rejected, reject
from course_utils.exercises.calls import call_of, with_lines
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.theirs import line_in, short_repr


def shown_by(name: str) -> Callable[[Case], str]:
    """The call of a case as text."""
    return lambda case: call_of(name, case)


def lines_by(*names: str) -> Callable[[Case], str]:
    """A long call as text, one argument a line."""
    return lambda case: with_lines(**dict(zip(names, case, strict=True))) + "your function"


def compare_named(
    answer: Callable[..., Any],
    cases: Sequence[Case],
    right: Callable[..., Any],
    read: Callable[[Any, Case], Any],
    shown: Callable[[Case], str],
    mistakes: Mistakes,
    of_article: Mapping[str, str],
) -> None:
    """``compare``; a mistake whose words are in ``of_article`` is one of the article's.

    Args:
        of_article: words of a mistake -> its erratum.
    """
    try:
        compare(answer, cases, right, read, shown, mistakes)
    except GotNone:
        raise
    except Rejected as rejected:
        found = (e for words, e in of_article.items() if words in rejected.message)
        reject(rejected.message, rejected.erratum or next(found, None))


def must_raise(
    answer: Answer, case: Case, shown: str, why: str, erratum: str | None = None
) -> None:
    """Reject an answer that does not raise ``ValueError`` for a case."""
    try:
        got = answer(*case)
    except AnswerRaised as raised:
        error = raised.__cause__
        if isinstance(error, ValueError):
            return
        assert error is not None
        uncalled = answer.file is not None and line_in(answer.file, error) is None
        if isinstance(error, NameError) or uncalled:
            raise
        reject(
            f"{shown} must raise ValueError; it stops, but by {type(error).__name__}. Ask first, "
            "and raise ValueError(...)."
        )
    reject(f"{shown} must raise ValueError, got {short_repr(got)}: {why}", erratum)
