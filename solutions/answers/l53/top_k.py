"""Task 53.13: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import bisect
import heapq
from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.top_k import MISTAKES, Stream, right_top_k
from course_utils.exercises.l53.top_k_check import (
    _as_tuple,
    _compares_items,
    _fails_on_large_k,
    _in_place,
)


def _sorted_list(pairs: Any, k: int) -> Any:
    """A sorted list in place of a heap."""
    keys: list[Any] = []
    items: list[Any] = []
    for at, (item, score) in enumerate(pairs):
        where = bisect.bisect(keys, (-float(score), at))
        keys.insert(where, (-float(score), at))
        items.insert(where, item)
        del keys[k:], items[k:]
    return items


def _replaces(pairs: Any, k: int) -> Any:
    """Fills a heap first, then replaces."""
    heap: list[Any] = []
    for at, (item, score) in enumerate(pairs):
        entry = (score, -at, item)
        if len(heap) < k:
            heapq.heappush(heap, entry)
        elif k and entry > heap[0]:
            heapq.heapreplace(heap, entry)
    return [heapq.heappop(heap)[2] for _ in range(len(heap))][::-1]


def _reads_twice(pairs: Any, k: int) -> Any:
    n = sum(1 for _ in pairs)
    return right_top_k(pairs, min(k, n))


def _indexes(pairs: Any, k: int) -> Any:
    if isinstance(pairs, Stream):
        return right_top_k([pairs[0]], k)  # type: ignore[index]
    return right_top_k(pairs, k)


PROOF = Proof(
    task="53.13",
    right=[_sorted_list, _replaces, _as_tuple],
    wrong=[
        *silent(MISTAKES),
        Wrong(_reads_twice, "a stream is read once", silent=True),
        Wrong(_in_place, "your function changes `pairs`", silent=True),
        Wrong(_compares_items, "'<' not supported", status="error"),
        Wrong(_fails_on_large_k, "list index out of range", status="error"),
        Wrong(_indexes, "not subscriptable", status="error"),
        Wrong(lambda pairs, k: {1}, "must be a list, got set"),
        Wrong(lambda pairs, k: None, "Did you forget a return?"),
    ],
)
