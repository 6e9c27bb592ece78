"""Task 51.6: of repeated rows keep the latest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from functools import partial
from itertools import groupby
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.rows import SEPARATORS, repeated_rows
from course_utils.exercises.l51.shared import (
    ERRATA,
    Row,
    as_rows,
    refuse_known,
    refuse_memory,
    shown_rows,
)

Key = Callable[[Row], Hashable]


def pair_of_row(row: Row) -> Hashable:
    return row[:2]


def _kept(
    rows: list[Row], key: Key = pair_of_row, by: Callable[[Row], Any] | None = lambda row: row[3]
) -> list[Row]:
    """The last row of each key, once sorted by ``by``; None: as they stand."""
    ordered = rows if by is None else sorted(rows, key=by)
    return list({key(row): row for row in ordered}.values())


def _joined(by: str, row: Row) -> Hashable:
    return by.join(row[:2])


def _first(rows: list[Row]) -> list[Row]:
    return _kept(rows[::-1], by=None)


def _unrepeated(rows: list[Row]) -> list[Row]:
    counts = Counter(row[:2] for row in rows)
    return [row for row in rows if counts[row[:2]] == 1]


def _repeated(rows: list[Row]) -> list[Row]:
    return list((Counter(_kept(rows)) - Counter(_unrepeated(rows))).elements())


NOTHING = "Nothing was removed."

MISTAKES: dict[str, list[Callable[[list[Row]], list[Row]]]] = {
    NOTHING: [lambda rows: rows],
    "You keep the first in the list; look at the times.": [_first],
    "You keep the last in the list; look at the times.": [lambda rows: _kept(rows, by=None)],
    "You keep the earliest, not the latest.": [
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
    "The two ids are joined to one text, and two pairs may give the same: 'a_b' with 'c' and 'a' "
    "with 'b_c'. Take the pair itself as the key.": [
        partial(_kept, key=partial(_joined, one)) for one in SEPARATORS
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
        lambda rows: [max(group, key=lambda row: row[3]) for _, group in groupby(rows, pair_of_row)]
    ],
}


def check_latest(answer: Any) -> None:
    cases = repeated_rows()
    calls = [shown_rows("latest", rows) for rows in cases]
    gots = [
        as_rows(answer(one), f"The result of {call}")
        for one, call in zip(cases, calls, strict=True)
    ]
    wants = [_kept(rows) for rows in cases]
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        again = as_rows(answer(cases[0]), f"The result of {calls[0]}")
        return refuse_memory(calls[0], again, wants[0], _equal)
    said = _difference(calls[wrong[0]], cases[wrong[0]], gots[wrong[0]])
    refuse_known(said, [(rows,) for rows in cases], gots, MISTAKES, {NOTHING: "E58"}, _equal)
    if all(
        _equal(_without_rating(got), _without_rating(want))
        for got, want in zip(gots, wants, strict=True)
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
