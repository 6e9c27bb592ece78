"""Task 51.6: of repeated rows keep the latest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from itertools import groupby
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, Row, as_rows, shown_rows


def _cases() -> list[list[Row]]:
    """Short ones to be shown, two that need care with keys, and one drawn."""
    draw = np.random.default_rng(516)
    users, products = ["a", "00a", "7", "12", "1"], ["7", "a", "007", "3", "23"]
    drawn = [
        (
            users[draw.integers(5)],
            products[draw.integers(5)],
            float(draw.integers(2, 11)) / 2,
            int(draw.integers(0, 12)) * 10,
        )
        for _ in range(60)
    ]
    return [
        [("a", "7", 2.0, 100), ("a", "7", 5.0, 50)],
        [("a", "7", 5.0, 50), ("a", "7", 2.0, 100)],
        [("a", "7", 4.5, 60), ("a", "7", 1.0, 60)],
        [("a", "7", 1.0, 60), ("b", "7", 3.0, 10), ("a", "7", 4.5, 60)],
        [("a", "7", 4.0, 950), ("a", "7", 3.0, 1000), ("a", "7", 3.5, 0)],
        [("a", "7", 4.0, 60), ("a", "7", 4.0, 60)],
        [("a", "7", 4.0, 60), ("7", "a", 2.0, 60)],
        [("12", "3", 4.0, 60), ("1", "23", 2.0, 70), ("12", "03", 1.0, 80)],
        [("a", "7", 4.0, 60), ("a", "8", 4.0, 70), ("b", "7", 4.0, 80)],
        [("a", "7", 4.0, 60)],
        [],
        drawn,
    ]


Key = Callable[[Row], Hashable]


def pair_of_row(row: Row) -> Hashable:
    return row[:2]


def _kept(
    rows: list[Row], key: Key = pair_of_row, by: Callable[[Row], Any] | None = lambda row: row[3]
) -> list[Row]:
    """The last row of each key, once sorted by ``by``; None: as they stand."""
    ordered = rows if by is None else sorted(rows, key=by)
    return list({key(row): row for row in ordered}.values())


def _first(rows: list[Row]) -> list[Row]:
    return _kept(rows[::-1], by=None)


def _unrepeated(rows: list[Row]) -> list[Row]:
    counts = Counter(row[:2] for row in rows)
    return [row for row in rows if counts[row[:2]] == 1]


def _repeated(rows: list[Row]) -> list[Row]:
    return list((Counter(_kept(rows)) - Counter(_unrepeated(rows))).elements())


MISTAKES: dict[str, list[Callable[[list[Row]], list[Row]]]] = {
    "You keep the first in the list; look at the times.": [_first],
    "You keep the last in the list; look at the times.": [lambda rows: _kept(rows, by=None)],
    "You keep the earliest, not the latest.": [
        lambda rows: _kept(rows, by=lambda row: -row[3]),
        lambda rows: _kept(rows[::-1], by=lambda row: -row[3]),
    ],
    "Of equal times the one that stands later in the list is kept, not the earlier.": [
        lambda rows: _kept(rows[::-1])
    ],
    "Of equal times the one that stands later in the list is kept, whatever its rating.": [
        lambda rows: _kept(rows, by=lambda row: (row[3], row[2])),
        lambda rows: _kept(rows, by=lambda row: (row[3], -row[2])),
    ],
    "You keep the highest rating; what counts is the time.": [
        lambda rows: _kept(rows, by=lambda row: row[2]),
        lambda rows: _kept(rows[::-1], by=lambda row: row[2]),
        lambda rows: _kept(rows, by=lambda row: row[2:]),
    ],
    "The times are compared as text, where 950 comes after 1000.": [
        lambda rows: _kept(rows, by=lambda row: str(row[3]))
    ],
    "You keep one row for each user; a user has many products.": [
        lambda rows: _kept(rows, key=lambda row: row[0])
    ],
    "You keep one row for each product; a product has many users.": [
        lambda rows: _kept(rows, key=lambda row: row[1])
    ],
    "The two ids are joined: '12' with '3' is not '1' with '23'.": [
        lambda rows: _kept(rows, key=lambda row: row[0] + row[1])
    ],
    "User 'a' with product '7' is not user '7' with product 'a'.": [
        lambda rows: _kept(rows, key=lambda row: frozenset(row[:2]))
    ],
    "Leading zeros are part of an id.": [
        lambda rows: _kept(rows, key=lambda row: (row[0].lstrip("0"), row[1].lstrip("0")))
    ],
    "You drop every row of a repeated pair; one of them stays.": [_unrepeated],
    "You drop the pairs that stand once; they are kept as they are.": [_repeated],
    "Only rows that agree in everything are removed; the user and the product decide.": [
        lambda rows: list(dict.fromkeys(rows))
    ],
    "Only rows that agree in user, product and rating are removed; the first two decide.": [
        lambda rows: _kept(rows, key=lambda row: row[:3]),
    ],
    "Only rows that stand side by side are compared; the others repeat as well.": [
        lambda rows: [
            max(group, key=lambda row: row[3]) for _, group in groupby(rows, pair_of_row)
        ],
        lambda rows: [
            max(list(group)[::-1], key=lambda row: row[3])
            for _, group in groupby(rows, pair_of_row)
        ],
    ],
}


def check_latest(answer: Any) -> None:
    cases = _cases()
    calls = [shown_rows("latest", rows) for rows in cases]
    gots = [
        as_rows(answer(rows), f"The result of {call}")
        for rows, call in zip(cases, calls, strict=True)
    ]
    wrong = [k for k, rows in enumerate(cases) if not _equal(gots[k], _kept(rows))]
    if not wrong:
        return
    said = _difference(calls[wrong[0]], cases[wrong[0]], gots[wrong[0]])
    if all(_equal(got, rows) for got, rows in zip(gots, cases, strict=True)):
        reject(f"{said} Nothing was removed.", "E58")
    for why, ways in MISTAKES.items():
        if any(
            all(_equal(got, way(rows)) for got, rows in zip(gots, cases, strict=True))
            for way in ways
        ):
            reject(f"{said} {why}")
    if all(
        _equal(_without_rating(got), _without_rating(_kept(rows)))
        for got, rows in zip(gots, cases, strict=True)
    ):
        reject(
            f"{said} The times are right, but of equal times it is not always the last in the "
            'list: an unstable sort mixes them. In pandas: sort_values(..., kind="stable").'
        )
    reject(said)


def _without_rating(rows: list[Row]) -> list[Row]:
    return [(user, product, 0.0, time) for user, product, _, time in rows]


def _equal(one: list[Row], other: list[Row]) -> bool:
    return Counter(one) == Counter(other)


def _difference(call: str, rows: list[Row], got: list[Row]) -> str:
    """What is there too much, or missing, in one sentence."""
    want = _kept(rows)
    foreign = [row for row in got if row not in rows]
    if foreign:
        reject(f"{call} holds {foreign[0]}, which is none of the rows given.")
    extra, missing = Counter(got) - Counter(want), Counter(want) - Counter(got)
    if extra:
        row = next(iter(extra))
        if row in want:
            return f"{call} must hold {row} once, got it {Counter(got)[row]} times."
        keeps = next(one for one in want if one[:2] == row[:2])
        return f"{call} must keep {keeps}, got {row} for this user and product."
    return f"{call} must hold {next(iter(missing))}, it does not."


TASK = Task(
    id="51.6",
    prompt="Of all rows with the same user and product keep the latest.",
    check_answer=check_latest,
    hints=(
        "A dictionary keeps one value for each key: the last that was put in. What is the key, "
        "and in which order do you put the rows in?",
        "The key is (user, product), row[:2]. sorted(rows, key=lambda row: row[3]) sorts by time "
        "and leaves rows of equal time in their order.",
        "Go through the sorted rows and put each in the dictionary under row[:2]; return "
        "list(kept.values()).",
    ),
    insight="Repeated rows count twice in training, and their twins leak into the test.",
    errata=ERRATA,
)
