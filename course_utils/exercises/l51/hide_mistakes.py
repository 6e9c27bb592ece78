"""Task 51.4: the latest rows hidden, right or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.l51.shared import Row

Split = tuple[list[Row], list[Row]]


def split(
    rows: list[Row],
    n: int,
    *,
    by: Callable[[Row], Any] = lambda row: row[3],
    whose: Callable[[Row], Any] = lambda row: row[0],
    few: Callable[[int, int], int] = lambda size, n: 0,
) -> Split:
    """Hide the last n of each user; right as it stands.

    ``by``: what they are sorted by; ``whose``: what makes a group; ``few``: how many to hide of a
    group of n rows or fewer.
    """
    groups: dict[Any, list[Row]] = {}
    for row in sorted(rows, key=by):
        groups.setdefault(whose(row), []).append(row)
    history: list[Row] = []
    hidden: list[Row] = []
    for group in groups.values():
        cut = len(group) - (n if len(group) > n else few(len(group), n))
        history += group[:cut]
        hidden += group[cut:]
    return history, hidden


def _times_of_all(rows: list[Row], n: int) -> Split:
    times = {row[3] for row in split(rows, n)[1]}
    return [row for row in rows if row[3] not in times], [row for row in rows if row[3] in times]


def _counting_products(rows: list[Row], n: int) -> Split:
    """Whoever rated n products or fewer, however often, is left whole."""
    rated: dict[str, set[str]] = {}
    for row in rows:
        rated.setdefault(row[0], set()).add(row[1])
    many = [row for row in rows if len(rated[row[0]]) > n]
    history, hidden = split(many, n)
    return history + [row for row in rows if len(rated[row[0]]) <= n], hidden


EXCHANGED = "The two lists are exchanged: first the history, then the hidden rows."

MISTAKES: dict[str, list[Callable[[list[Row], int], Split]]] = {
    "You hide the last in the list; the list is in any order, look at the times.": [
        lambda rows, n: split(rows, n, by=lambda row: 0),
        lambda rows, n: (rows[:-n], rows[-n:]),
    ],
    "You hide the earliest rows, not the latest.": [
        lambda rows, n: split(rows, n, by=lambda row: -row[3])
    ],
    "The times are compared as text, where 950 comes after 1000.": [
        lambda rows, n: split(rows, n, by=lambda row: str(row[3]))
    ],
    "You hide the best rated; what counts is the time.": [
        lambda rows, n: split(rows, n, by=lambda row: row[2]),
        lambda rows, n: split(rows, n, by=lambda row: row[2:]),
    ],
    "You hide the latest rows of each product; they are to be those of each user.": [
        lambda rows, n: split(rows, n, whose=lambda row: row[1]),
        lambda rows, n: split(rows[::-1], n, whose=lambda row: row[1]),
    ],
    "You hide the latest rows of each user and product; they are to be those of each user.": [
        lambda rows, n: split(rows, n, whose=lambda row: row[:2])
    ],
    "You hide the latest rows of all users together; they are to be those of each user.": [
        lambda rows, n: split(rows, n, whose=lambda row: None)
    ],
    "A time that is hidden for one user is hidden for all; look at user and time.": [_times_of_all],
    "Of a user with exactly n rows nothing is hidden either.": [
        lambda rows, n: split(rows, n, few=lambda size, n: size if size == n else 0)
    ],
    "Of a user with n rows or fewer nothing is hidden; you hide them all.": [
        lambda rows, n: split(rows, n, few=lambda size, n: size)
    ],
    "Of a user with n rows or fewer nothing is hidden; you leave one and hide the rest.": [
        lambda rows, n: split(rows, n, few=lambda size, n: size - 1)
    ],
    "You hide one row of each user, whatever n is.": [lambda rows, n: split(rows, 1)],
    "You hide one row too few.": [lambda rows, n: split(rows, n - 1)],
    "Count a user's rows: here you count their products, and one may stand in several rows.": [
        _counting_products
    ],
    "Ids that differ in capitals or in spaces are different users.": [
        lambda rows, n: split(rows, n, whose=lambda row: row[0].strip().lower()),
        lambda rows, n: split(rows, n, whose=lambda row: row[0].strip()),
        lambda rows, n: split(rows, n, whose=lambda row: row[0].lower()),
    ],
    "You hide one row too many.": [lambda rows, n: split(rows, n + 1)],
    "You hide nothing.": [lambda rows, n: (rows, [])],
    EXCHANGED: [lambda rows, n: split(rows, n)[::-1]],
}
