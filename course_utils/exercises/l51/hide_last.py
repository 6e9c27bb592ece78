"""Task 51.4: hide the latest rows of each user."""

from __future__ import annotations

from collections import Counter
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.hide_mistakes import EXCHANGED, MISTAKES, Split, split
from course_utils.exercises.l51.rows import rows_to_hide
from course_utils.exercises.l51.shared import (
    ERRATA,
    Row,
    as_rows,
    refuse_known,
    refuse_memory,
    shown_rows,
)
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Case = tuple[list[Row], int]


def check_hide_last(answer: Any) -> None:
    cases = rows_to_hide()
    calls = [shown_rows("hide_last", *case) for case in cases]
    gots = [_two(answer(*case), call) for case, call in zip(cases, calls, strict=True)]
    wants = [split(*case) for case in cases]
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        return refuse_memory(calls[0], _two(answer(*cases[0]), calls[0]), wants[0], _equal)
    at = wrong[0]
    for case, call, got in zip(cases, calls, gots, strict=True):
        _check_rows(case, call, got)
    said = _difference(calls[at], gots[at], wants[at])
    if not all(_equal(gots[k], _two(answer(*cases[k]), calls[k])) for k in wrong):
        reject(f"{said} Two calls with the same rows differ: you split by chance.", "E58")
    knows = _known_future(gots, at)
    errata = {why: "E58" if knows and why != EXCHANGED else None for why in MISTAKES}
    refuse_known(said, cases, gots, MISTAKES, errata, _equal)
    if knows:
        reject(
            f"{said} For a user your history {'' if at == knows[0] else 'of another call '}holds a "
            f"row of time {knows[1]}, later than a hidden one of time {knows[2]}: it knows the "
            "future.",
            "E58",
        )
    if all(_cut_at_one_time(got) for got in gots):
        reject(f"{said} You cut at one time for all; each user has latest rows of their own.")
    reject(said)


def _two(value: Any, call: str) -> Split:
    refuse_none(value, call, "a pair of lists")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(
            f"{call} must return two lists, the history and the hidden rows, got {shorten(value)}."
        )
    return as_rows(value[0], f"The history of {call}"), as_rows(value[1], f"The hidden of {call}")


def _equal(one: Split, other: Split) -> bool:
    return list(map(Counter, one)) == list(map(Counter, other))


def _check_rows(case: Case, call: str, got: Split) -> None:
    """Reject what is no division of the rows in two."""
    given, seen = Counter(case[0]), Counter(got[0]) + Counter(got[1])
    foreign = [row for row in seen if row not in given]
    if foreign:
        reject(f"{call} returns {foreign[0]}, which is none of the rows given.")
    both = set(got[0]) & set(got[1])
    if both:
        reject(
            f"{call} returns {next(row for row in got[1] if row in both)} in both lists: the "
            "history knows what is hidden.",
            "E58",
        )
    lost = given - seen
    gone = {row[0] for row in lost} - {row[0] for row in seen}
    if gone:
        reject(
            f"{call}: user {min(gone)!r} is in neither list. Of a user with n rows or fewer "
            "nothing is hidden: all of it is history."
        )
    if lost:
        reject(f"{call} must have every row in one of its two lists; {next(iter(lost))} is lost.")
    if seen - given:
        reject(f"{call} returns {next(iter(seen - given))} more often than it was given.")


def _difference(call: str, got: Split, want: Split) -> str:
    for row in want[1]:
        if row not in got[1]:
            return f"{call} must hide {row}, it is in your history."
    return f"{call} must leave {next(row for row in got[1] if row not in want[1])} in the history."


def _known_future(gots: list[Split], first: int) -> tuple[int, int, int] | None:
    """Place of a split, a time of its history, and a hidden one before it, of the same user."""
    for at in (first, *range(len(gots))):
        for user, _, _, time in gots[at][1]:
            later = [row[3] for row in gots[at][0] if row[0] == user and row[3] > time]
            if later:
                return at, max(later), time
    return None


def _cut_at_one_time(got: Split) -> bool:
    history, hidden = ([row[3] for row in rows] for rows in got)
    return not history or not hidden or max(history) <= min(hidden)


TASK = Task(
    id="51.4",
    prompt="Split rows in two: the history, and the n latest of each user, hidden.",
    check_answer=check_hide_last,
    hints=(
        "Gather the rows of each user, in the order of their time. Where do you cut, and for whom "
        "do you not cut?",
        "Sort all rows by row[3] and put them in a dictionary user -> list of rows. The last n of "
        "a list are rows[-n:], the others rows[:-n].",
        "For each user: if len(theirs) > n, then history += theirs[:-n] and hidden += "
        "theirs[-n:]; else history += theirs.",
    ),
    insight="Whoever tests on the past trains on the future: each user's latest rows are the test.",
    errata=ERRATA,
)
