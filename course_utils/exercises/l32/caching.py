"""Task 32.7: the hit rate of a cache that forgets what was not used for longest."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_CASES: list[Case] = [
    (["a", "b", "a", "c", "a", "b"], 2),
    ([], 3),
    (["a", "a", "a"], 0),
    (["a", "b", "a", "c", "b", "d", "a"], 2),
    (["x"], 1),
    (["红茶", "black tea", "红茶", "black tea"], 1),
    (["", "a", "", "b", "", "a"], 3),
    ([f"q{k}" for k in np.random.default_rng(1).zipf(1.4, 60) % 9], 4),
    (["a", "b", "c", "a", "b", "c"], 9),
    ([query for k in range(30) for query in ("a", f"q{k}")], 2),
    (["Tea", "tea", "Tea"], 9),
    (["tea", "tea ", "black tea", "tea black", "tea"], 9),
    (["红茶", "绿茶", "红茶"], 9),
    (["ﬁ", "fi", "ﬁ"], 9),
]


def _simulated(queries: Any, size: int, refresh: bool = True, room: int = 0) -> float:
    kept: OrderedDict[str, None] = OrderedDict()
    hits = 0
    for query in queries:
        if query in kept:
            hits += 1
            if refresh:
                kept.move_to_end(query)
            continue
        kept[query] = None
        while len(kept) > size + room:
            kept.popitem(last=False)
    return hits / len(queries) if len(queries) else 0.0


def right_caching(queries: Any, size: int) -> float:
    return _simulated(queries, size)


def _most_recent_out(queries: Any, size: int) -> float:
    kept: OrderedDict[str, None] = OrderedDict()
    hits = 0
    for query in queries:
        hits += query in kept
        if query not in kept and len(kept) >= size and kept:
            kept.popitem(last=True)
        if size:
            kept[query] = None
            kept.move_to_end(query)
    return hits / len(queries) if len(queries) else 0.0


def _unlimited(queries: Any, size: int) -> float:
    return 1 - len(set(queries)) / len(queries) if len(queries) else 0.0


def _frequent(queries: Any, size: int) -> float:
    """The most frequent of the whole log are known before it begins."""
    if not len(queries):
        return 0.0
    return sum(count for _, count in Counter(queries).most_common(size)) / len(queries)


def _clears(queries: Any, size: int) -> float:
    kept: set[str] = set()
    hits = 0
    for query in queries:
        if query in kept:
            hits += 1
            continue
        if len(kept) >= size:
            kept.clear()
        if size:
            kept.add(query)
    return hits / len(queries) if len(queries) else 0.0


def _of_distinct(queries: Any, size: int) -> float:
    return right_caching(queries, size) * len(queries) / max(len(set(queries)), 1)


def _window(queries: Any, size: int) -> float:
    hits = sum(q in queries[max(at - size, 0) : at] for at, q in enumerate(queries))
    return hits / len(queries) if queries else 0.0


MISTAKES: dict[str, Callable[..., Any]] = {
    "a hit does not make a query recent: that is first in, first out": lambda queries, size: (
        _simulated(queries, size, refresh=False)
    ),
    "the cache keeps one query more than its size": lambda queries, size: _simulated(
        queries, size, room=1
    ),
    "a cache of size 0 keeps one query; it keeps none": lambda queries, size: _simulated(
        queries, max(size, 1)
    ),
    "the cache keeps one query less than its size": lambda queries, size: _simulated(
        queries, max(size - 1, 0)
    ),
    "the most recent query is forgotten, not the one that was not asked for longest": (
        _most_recent_out
    ),
    "the last requests are kept, repeats among them, not the last different queries": _window,
    "nothing is ever forgotten": _unlimited,
    "the most frequent queries of the whole log are kept: nobody knows them beforehand": _frequent,
    "a full cache is emptied": _clears,
    "the misses are counted": lambda queries, size: (
        1 - right_caching(queries, size) if len(queries) else 0.0
    ),
    "hits are divided by the distinct queries, not by all": _of_distinct,
    "the number of hits is returned, not their share": lambda queries, size: (
        right_caching(queries, size) * len(queries)
    ),
    "small and capital letters are one; two texts are the same query only if they are equal": (
        lambda queries, size: right_caching([query.lower() for query in queries], size)
    ),
    "blanks at the ends are cut off; two texts are the same query only if they are equal": (
        lambda queries, size: right_caching([query.strip() for query in queries], size)
    ),
    "the first query of each kind is left out of the requests": lambda queries, size: (
        right_caching(queries, size) * len(queries) / max(len(queries) - len(set(queries)), 1)
    ),
}


def check_caching(answer: Any) -> None:
    compare(
        leaving(answer, ("queries", "size"), _told),
        _CASES,
        right_caching,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    if len(case[0]) > 12:
        return f"hit_rate of {len(case[0])} queries with size {case[1]}"
    return call_of("hit_rate", case)


TASK = Task(
    id="32.7",
    prompt="Return the share of requests that a least-recently-used cache answers.",
    check_answer=check_caching,
    hints=(
        "Keep the queries in the order in which they were last asked. A hit moves its query to "
        "the end, too.",
        "A dictionary remembers the order in which keys came: take a key out and put it in again, "
        "and it is the last. The first is next(iter(kept)).",
        "for query in queries: hits += query in kept; kept.pop(query, None); kept[query] = 1; "
        "if len(kept) > size: kept.pop(next(iter(kept))).",
    ),
    insight="What is asked often comes again soon: recent is a guess at frequent.",
)
