"""Task 51.6: of repeated rows keep the latest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.engine import Task, Wrong, reject
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


def _pair(row: Row) -> Hashable:
    return row[:2]


def _kept(
    rows: list[Row], key: Key = _pair, by: Callable[[Row], Any] | None = lambda row: row[3]
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
        lambda rows: [max(group, key=lambda row: row[3]) for _, group in groupby(rows, _pair)],
        lambda rows: [
            max(list(group)[::-1], key=lambda row: row[3]) for _, group in groupby(rows, _pair)
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


# ------------------------------------------------------------------- answers, right and wrong


def _by_comparing(rows: list[Row]) -> Any:
    best: dict[tuple[str, str], Row] = {}
    for user, product, rating, time in rows:
        if (user, product) not in best or time >= best[user, product][3]:
            best[user, product] = (user, product, rating, time)
    return best.values()


def _with_pandas(rows: list[Row]) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    frame = frame.sort_values("time", kind="stable")
    frame = frame.drop_duplicates(["user", "product"], keep="last")
    return frame.to_numpy()


def _from_the_end(rows: list[Row]) -> set[Row]:
    kept, seen = set(), set()
    for _, row in sorted(enumerate(rows), key=lambda one: (-one[1][3], -one[0])):
        if row[:2] not in seen:
            seen.add(row[:2])
            kept.add(row)
    return kept


def _pandas_first(rows: list[Row]) -> list[Any]:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    return frame.drop_duplicates(["user", "product"]).to_numpy().tolist()


def _pandas_unstable(rows: list[Row]) -> list[Any]:
    """Heapsort mixes equal times the same on every machine; pandas' default may, on some."""
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    frame = frame.sort_values("time", kind="heapsort")
    return frame.drop_duplicates(["user", "product"], keep="last").values.tolist()


def _greatest(key: Callable[[Row], Any], pair: Key = _pair) -> Callable[[list[Row]], list[Row]]:
    """The row with the greatest key of each pair, the first of equals."""

    def latest(rows: list[Row]) -> list[Row]:
        groups: dict[Hashable, list[Row]] = {}
        for row in rows:
            groups.setdefault(pair(row), []).append(row)
        return [max(group, key=key) for group in groups.values()]

    return latest


def _last_of(
    ordered: Callable[[list[Row]], list[Row]], key: Key = _pair
) -> Callable[[list[Row]], list[Row]]:
    """The last row of each key in some order."""

    def latest(rows: list[Row]) -> list[Row]:
        kept = {}
        for row in ordered(rows):
            kept[key(row)] = row
        return list(kept.values())

    return latest


def _by_time(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[3])


def _mean_rating(rows: list[Row]) -> list[Row]:
    kept = _by_comparing(rows)
    ratings = {pair: [row[2] for row in rows if row[:2] == pair] for pair in {*map(_pair, rows)}}
    return [(u, p, float(np.mean(ratings[u, p])), t) for u, p, _, t in kept]


def _in_groups(rows: list[Row]) -> list[Row]:
    return [list(group)[-1] for _, group in groupby(_by_time(rows), key=_pair)]


def _neighbours(rows: list[Row]) -> list[Row]:
    return [max(group, key=lambda row: row[3]) for _, group in groupby(rows, key=_pair)]


def _repeated_only(rows: list[Row]) -> list[Row]:
    counts = Counter(map(_pair, rows))
    return [row for row in _by_comparing(rows) if counts[row[:2]] > 1]


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
    right=[_by_comparing, _with_pandas, _from_the_end],
    wrong=[
        Wrong(lambda rows: rows, "Nothing was removed", "E58", silent=True),
        Wrong(_pandas_first, "You keep the first in the list", silent=True),
        Wrong(_last_of(list), "You keep the last in the list", silent=True),
        Wrong(_last_of(lambda rows: _by_time(rows)[::-1]), "You keep the earliest", silent=True),
        Wrong(_greatest(lambda row: row[3]), "kept, not the earlier", silent=True),
        Wrong(_last_of(lambda rows: sorted(rows, key=lambda row: row[:1:-1])), "whatever its"),
        Wrong(_pandas_unstable, 'kind="stable"', silent=True),
        Wrong(_last_of(sorted), "You keep the highest rating", silent=True),
        Wrong(
            _last_of(lambda rows: sorted(rows, key=lambda row: f"{row[3]}")),
            "compared as text",
            silent=True,
        ),
        Wrong(_last_of(_by_time, lambda row: row[0]), "one row for each user", silent=True),
        Wrong(_last_of(_by_time, lambda row: row[1]), "one row for each product", silent=True),
        Wrong(_last_of(_by_time, lambda row: "".join(row[:2])), "ids are joined", silent=True),
        Wrong(
            _last_of(_by_time, lambda row: tuple(sorted(row[:2]))),
            "is not user '7' with product 'a'",
            silent=True,
        ),
        Wrong(
            _last_of(_by_time, lambda row: (row[0].lstrip("0"), row[1].lstrip("0"))),
            "Leading zeros",
            silent=True,
        ),
        Wrong(
            lambda rows: [row for row in rows if sum(row[:2] == one[:2] for one in rows) == 1],
            "one of them stays",
            silent=True,
        ),
        Wrong(lambda rows: set(rows), "agree in everything", silent=True),
        Wrong(_last_of(_by_time, lambda row: row[:3]), "user, product and rating", silent=True),
        Wrong(_neighbours, "stand side by side", silent=True),
        Wrong(_in_groups, "<60 rows>) must keep", silent=True),
        Wrong(_repeated_only, "the pairs that stand once", silent=True),
        Wrong(_mean_rating, "none of the rows given", silent=True),
        Wrong(lambda rows: [row[:3] for row in _by_comparing(rows)], "as they were given"),
        Wrong(lambda rows: {row[:2]: row for row in _by_time(rows)}, "got a dict"),
        Wrong(lambda rows: np.array(list(_by_comparing(rows))), "is text, and was a number"),
    ],
    insight="Repeated rows count twice in training, and their twins leak into the test.",
    errata=ERRATA,
)
