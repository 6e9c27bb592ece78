"""Task 32.7: the hit rate of a cache that forgets what was not used for longest."""

from __future__ import annotations

from collections import Counter, OrderedDict

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("32.7", OrderedDict=OrderedDict, Counter=Counter)
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
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

KEEP, FORGET = "cache[query] = None", "cache.popitem(last=False)"
SHARE = "hits / len(queries)"

SLIPS = {
    "a hit does not make a query recent: that is first in, first out": edit(
        {"        cache.move_to_end(query)\n": ""}
    ),
    "the cache keeps one query more than its size": first("size += 1"),
    "a cache of size 0 keeps one query; it keeps none": first("size = max(size, 1)"),
    "the cache keeps one query less than its size": first("size = max(size - 1, 0)"),
    "the most recent query is forgotten, not the one that was not asked for longest": edit(
        {
            KEEP: "if query not in cache and len(cache) >= size and cache:\n"
            "            cache.popitem()\n"
            f"        {KEEP}"
        }
    ),
    "the last requests are kept, repeats among them, not the last different queries": returning(
        "sum(q in queries[max(k - size, 0) : k] for k, q in enumerate(queries)) "
        "/ max(len(queries), 1)"
    ),
    "nothing is ever forgotten": edit({FORGET: "pass"}),
    "the most frequent queries of the whole log are kept: nobody knows them beforehand": returning(
        "sum(n for _, n in Counter(queries).most_common(size)) / max(len(queries), 1)"
    ),
    "a full cache is emptied": edit(
        {
            "        cache.move_to_end(query)\n": "",
            KEEP: "if query not in cache and len(cache) >= size:\n"
            "            cache.clear()\n"
            f"        {KEEP}",
        }
    ),
    "the misses are counted": edit({SHARE: f"1 - {SHARE}"}),
    "hits are divided by the distinct queries, not by all": edit(
        {SHARE: "hits / len(set(queries))"}
    ),
    "the number of hits is returned, not their share": edit({SHARE: "hits"}),
    "small and capital letters are one; two texts are the same query only if they are equal": first(
        "queries = [query.lower() for query in queries]"
    ),
    "blanks at the ends are cut off; two texts are the same query only if they are equal": first(
        "queries = [query.strip() for query in queries]"
    ),
    "the first query of each kind is left out of the requests": edit(
        {SHARE: "hits / max(len(queries) - len(set(queries)), 1)"}
    ),
}


def _shown(case: Case) -> str:
    if len(case[0]) > 12:
        return f"hit_rate of {len(case[0])} queries with size {case[1]}"
    return call_of("hit_rate", case)


TASK = checked(
    "32.7",
    "Return the share of requests that a least-recently-used cache answers.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Keep the queries in the order in which they were last asked. A hit moves its query to "
        "the end, too.",
        "A dictionary remembers the order in which keys came: take a key out and put it in again, "
        "and it is the last. The first is next(iter(kept)).",
        "for query in queries: hits += query in kept; kept.pop(query, None); kept[query] = 1; "
        "if len(kept) > size: kept.pop(next(iter(kept))).",
    ),
    insight="What is asked often comes again soon: recent is a guess at frequent.",
    shown=_shown,
    read=lambda got, case: as_number(got, _shown(case)),
)
