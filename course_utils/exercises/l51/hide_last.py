"""Task 51.7: hide the latest rows of each user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, Row, as_rows, shown_rows
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Split = tuple[list[Row], list[Row]]
Case = tuple[list[Row], int]


def _drawn(seed: int, sizes: dict[str, int]) -> list[Row]:
    """Rows of so many a user, in any order; one user rates a product twice."""
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    for at, (user, size) in enumerate(sizes.items()):
        # Times of two to four digits; a user's first may be later than another's last.
        times = draw.choice(900, size=size, replace=False) + 90 + 300 * (at % 3)
        for k, time in enumerate(times):
            product = f"p{draw.integers(30) if k else 0}"
            rows.append((user, product, float(draw.integers(1, 6)), int(time)))
    twice = rows[1]
    rows.append((*twice[:2], 6 - twice[2], 2000))
    return [rows[k] for k in draw.permutation(len(rows))]


def _cases() -> list[Case]:
    """Short ones to be shown, then users with fewer rows than n, n, one more, and many."""
    sizes = {"a": 7, "007": 1, "7": 2, "00x": 3, "u9": 4, "b": 9}
    three: list[Row] = [("a", "7", 2.0, 300), ("a", "8", 5.0, 100), ("a", "9", 3.0, 200)]
    two: list[Row] = [("a", "7", 2.0, 950), ("b", "7", 4.0, 1000), ("a", "8", 5.0, 1000)]
    return [
        (three, 1),
        (three, 2),
        ([*two, ("b", "9", 1.0, 960)], 1),
        (three, 3),
        (two[:2], 1),
        (three[:1], 1),
        ([], 1),
        (_drawn(517, sizes), 1),
        (_drawn(518, sizes), 2),
        (_drawn(519, sizes), 3),
        (_drawn(520, sizes), 100),
    ]


def _split(
    rows: list[Row],
    n: int,
    *,
    by: Callable[[Row], Any] | None = lambda row: row[3],
    whose: Callable[[Row], Any] = lambda row: row[0],
    few: Callable[[int, int], int] = lambda size, n: 0,
) -> Split:
    """Hide the last n of each user; right as it stands.

    Args:
        rows: to be split.
        n: how many.
        by: what they are sorted by; None: they are not.
        whose: what makes a group.
        few: how many to hide of a group of n rows or fewer.
    """
    groups: dict[Any, list[Row]] = {}
    for row in rows if by is None else sorted(rows, key=by):
        groups.setdefault(whose(row), []).append(row)
    history: list[Row] = []
    hidden: list[Row] = []
    for group in groups.values():
        cut = len(group) - (n if len(group) > n else few(len(group), n))
        history += group[:cut]
        hidden += group[cut:]
    return history, hidden


MISTAKES: dict[str, list[Callable[[list[Row], int], Split]]] = {
    "You hide the last in the list; the list is in any order, look at the times.": [
        lambda rows, n: _split(rows, n, by=None),
        lambda rows, n: (rows[:-n], rows[-n:]),
    ],
    "You hide the earliest rows, not the latest.": [
        lambda rows, n: _split(rows, n, by=lambda row: -row[3])
    ],
    "The times are compared as text, where 950 comes after 1000.": [
        lambda rows, n: _split(rows, n, by=lambda row: str(row[3]))
    ],
    "You hide the best rated; what counts is the time.": [
        lambda rows, n: _split(rows, n, by=lambda row: row[2]),
        lambda rows, n: _split(rows, n, by=lambda row: row[2:]),
    ],
    "You hide the latest rows of each product; they are to be those of each user.": [
        lambda rows, n: _split(rows, n, whose=lambda row: row[1])
    ],
    "You hide the latest rows of all users together; they are to be those of each user.": [
        lambda rows, n: _split(rows, n, whose=lambda row: None)
    ],
    "Of a user with exactly n rows nothing is hidden either.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size if size == n else 0)
    ],
    "Of a user with n rows or fewer nothing is hidden; you hide them all.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size)
    ],
    "Of a user with n rows or fewer nothing is hidden; you leave one and hide the rest.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size - 1)
    ],
    "You hide one row of each user, whatever n is.": [lambda rows, n: _split(rows, 1)],
    "You hide one row too many.": [lambda rows, n: _split(rows, n + 1)],
    "You hide nothing.": [lambda rows, n: (rows, [])],
}


def check_hide_last(answer: Any) -> None:
    cases = _cases()
    calls = [shown_rows("hide_last", *case) for case in cases]
    gots = [_two(answer(*case), call) for case, call in zip(cases, calls, strict=True)]
    wants = [_split(*case) for case in cases]
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        return
    for case, call, got in zip(cases, calls, gots, strict=True):
        _check_rows(case, call, got)
    said = _difference(calls[wrong[0]], gots[wrong[0]], wants[wrong[0]])
    if all(_equal(got[::-1], want) for got, want in zip(gots, wants, strict=True)):
        reject(f"{said} The two lists are exchanged: first the history, then the hidden rows.")
    if any(not _equal(_two(answer(*cases[k]), calls[k]), gots[k]) for k in wrong):
        reject(f"{said} Two calls with the same rows differ: you split by chance.", "E58")
    knows = _known_future(gots)
    for why, ways in MISTAKES.items():
        if any(
            all(_equal(got, way(*case)) for got, case in zip(gots, cases, strict=True))
            for way in ways
        ):
            reject(f"{said} {why}", "E58" if knows else None)
    if knows:
        reject(
            f"{said} For a user your history holds a row of time {knows[0]}, later than a hidden "
            f"one of time {knows[1]}: it knows the future.",
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
    return all(Counter(a) == Counter(b) for a, b in zip(one, other, strict=True))


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


def _known_future(gots: list[Split]) -> tuple[int, int] | None:
    """A time of the history, and a hidden one before it, of the same user."""
    for history, hidden in gots:
        last: dict[str, int] = {}
        for user, _, _, time in history:
            last[user] = max(time, last.get(user, time))
        for user, _, _, time in hidden:
            if time < last.get(user, time):
                return last[user], time
    return None


def _cut_at_one_time(got: Split) -> bool:
    history, hidden = ([row[3] for row in rows] for rows in got)
    return not history or not hidden or max(history) <= min(hidden)


TASK = Task(
    id="51.7",
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
