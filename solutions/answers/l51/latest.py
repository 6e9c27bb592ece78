"""Task 51.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l51.latest import Key, pair_of_row
from course_utils.exercises.l51.shared import Row


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


def _greatest(
    key: Callable[[Row], Any], pair: Key = pair_of_row
) -> Callable[[list[Row]], list[Row]]:
    """The row with the greatest key of each pair, the first of equals."""

    def latest(rows: list[Row]) -> list[Row]:
        groups: dict[Hashable, list[Row]] = {}
        for row in rows:
            groups.setdefault(pair(row), []).append(row)
        return [max(group, key=key) for group in groups.values()]

    return latest


def _last_of(
    ordered: Callable[[list[Row]], list[Row]], key: Key = pair_of_row
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
    ratings = {
        pair: [row[2] for row in rows if row[:2] == pair] for pair in {*map(pair_of_row, rows)}
    }
    return [(u, p, float(np.mean(ratings[u, p])), t) for u, p, _, t in kept]


def _in_groups(rows: list[Row]) -> list[Row]:
    return [list(group)[-1] for _, group in groupby(_by_time(rows), key=pair_of_row)]


def _neighbours(rows: list[Row]) -> list[Row]:
    return [max(group, key=lambda row: row[3]) for _, group in groupby(rows, key=pair_of_row)]


def _joined(by: str) -> Callable[[list[Row]], list[Row]]:
    """One text for the two ids."""
    return _last_of(_by_time, lambda row: f"{row[0]}{by}{row[1]}")


def _times_in_32_bits(rows: list[Row]) -> list[Row]:
    times = np.array([row[3] for row in rows], np.int64).astype(np.int32)
    kept = {rows[k][:2]: rows[k] for k in np.argsort(times, kind="stable")}
    return list(kept.values())


def _wrong_no_time_0(rows: list[Row]) -> list[Row]:
    """A time of 0 counts as none."""
    return list(_by_comparing([row for row in rows if row[3]]))


def _plain(text: str) -> str:
    """Capitals, spaces, accents and other digits made one."""
    return unicodedata.normalize("NFKD", text).casefold().strip()


def _repeated_only(rows: list[Row]) -> list[Row]:
    counts = Counter(map(pair_of_row, rows))
    return [row for row in _by_comparing(rows) if counts[row[:2]] > 1]


PROOF = Proof(
    task="51.6",
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
        Wrong(_joined("_"), "must hold ('a_b', 'c', 4.0, 60), it does not. The", silent=True),
        Wrong(_joined("::"), "54 rows>) must hold ('a::b', 'c',", silent=True),
        Wrong(_wrong_no_time_0, "must hold ('a', '7', 2.0, 0), it does not", silent=True),
        Wrong(_times_in_32_bits, "must keep ('a', '7', 2.0, 4294967299)", silent=True),
        Wrong(
            _last_of(_by_time, lambda row: (_plain(row[0]), _plain(row[1]))),
            "54 rows>) must hold ('q', 'z', 3.0, 5)",
            silent=True,
        ),
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
)
