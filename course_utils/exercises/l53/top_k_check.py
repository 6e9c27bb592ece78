"""Task "53.13 check": the learner's own test of the k best."""

from __future__ import annotations

import heapq
from typing import Any

from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.l53.top_k import (
    by,
    heap_order,
    padded,
    right_top_k,
    starts_at_zero,
    without_repeats,
)


def _with_heap(pairs: Any, k: int) -> list[Any]:
    heap: list[Any] = []
    for at, (item, score) in enumerate(pairs):
        heapq.heappush(heap, (score, -at, item))
        if len(heap) > k:
            heapq.heappop(heap)
    return [item for _, _, item in sorted(heap, reverse=True)]


def _as_tuple(pairs: Any, k: int) -> tuple[Any, ...]:
    return tuple(item for item, _ in heapq.nlargest(k, pairs, key=lambda pair: pair[1]))


def _compares_items(pairs: Any, k: int) -> list[Any]:
    """A heap of (score, item): items decide where scores are equal, or cannot."""
    heap: list[Any] = []
    for item, score in pairs:
        heapq.heappush(heap, (score, item))
        if len(heap) > k:
            heapq.heappop(heap)
    return [item for _, item in sorted(heap, reverse=True)]


def _fails_on_large_k(pairs: Any, k: int) -> list[Any]:
    rows = right_top_k(pairs, k)
    return [rows[at] for at in range(k)]


def _reads_twice(pairs: Any, k: int) -> list[Any]:
    """Counts first, then reads: nothing is left of a stream."""
    n = sum(1 for _ in pairs)
    return right_top_k(pairs, min(k, n))


def _never_cuts(pairs: Any, k: int) -> list[Any]:
    return right_top_k(list(pairs), 10**9) if k else []


def _at_least_one(pairs: Any, k: int) -> list[Any]:
    return right_top_k(pairs, max(k, 1))


def _in_place(pairs: Any, k: int) -> list[Any]:
    if isinstance(pairs, list):
        pairs.sort(key=lambda pair: -pair[1])
    return right_top_k(pairs, k)


RIGHT: Answers = {
    "keeps a heap": _with_heap,
    "sorts everything": right_top_k,
    "returns a tuple": _as_tuple,
}
WRONG: Answers = {
    "puts the later of two equal scores first": by(lambda at, item, score: (-score, -at)),
    "compares items where scores are equal": _compares_items,
    "returns the k lowest": by(lambda at, item, score: (score, at)),
    "returns the best last": heap_order,
    "drops an item that comes twice": without_repeats,
    "leaves out scores of 0 and below": starts_at_zero,
    "fills the list up to k": padded,
    "does not cut the list at k": _never_cuts,
    "fails where k is above the length": _fails_on_large_k,
    "returns one item for a k of 0": _at_least_one,
    "reads the stream twice": _reads_twice,
    "changes its arguments": _in_place,
}

TASK = grading(
    "53.13",
    RIGHT,
    WRONG,
    hints=(
        "The edges of k: 0, 1, the length, above it. The edges of the stream: empty, equal "
        "scores, an "
        "item twice, scores below 0, a generator.",
        "list(f(pairs, k)) == [...] takes lists and tuples. Items that cannot be compared, such "
        "as None "
        "and 'a' with one score, show who compares them.",
        "The brute force is one line: sorted(pairs, key=lambda pair: pair[1], reverse=True) keeps "
        "the order of equals. Ask with list(pairs) and with iter(pairs), and compare the list with "
        "a copy afterwards.",
    ),
    insight="Ties are the first follow-up of any top-k; a generator is the second.",
)
