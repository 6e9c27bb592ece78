"""53.13: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

import bisect
import heapq
import random
from typing import Any

import numpy as np

from checks.l53.t13_top_k import WRONG, best
from checks.proof import Proof, Wrong


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


def _with_nlargest(pairs: Any, k: int) -> Any:
    return tuple(item for item, _ in heapq.nlargest(k, pairs, key=lambda pair: pair[1]))


def _indexes(pairs: Any, k: int) -> Any:
    return best(pairs if isinstance(pairs, list) else [pairs[0]], k)


PROOF = Proof(
    task="53.13",
    right=[_sorted_list, _replaces, _with_nlargest],
    wrong=[
        Wrong(WRONG["reads the stream twice"], "a stream is read once", silent=True),
        Wrong(WRONG["changes its arguments"], "your function changes `pairs`", silent=True),
        Wrong(WRONG["compares items where scores are equal"], "'<' not supported", status="error"),
        Wrong(
            WRONG["fails where k is above the length"], "list index out of range", status="error"
        ),
        Wrong(_indexes, "not subscriptable", status="error"),
        Wrong(lambda pairs, k: {1}, "must be a list, got set"),
    ],
)


def _want(pairs: Any, k: int) -> list[Any]:
    return [item for item, _ in sorted(pairs, key=lambda pair: pair[1], reverse=True)][:k]


def _cases() -> list[Any]:
    mixed = [(None, 0.5), ("a", 0.5), ("b", -1.0), ("a", 0.7), ("c", 0.5)]
    return [(mixed, k) for k in (0, 1, 2, 3, 5, 9)] + [([], 2)]


def _same(top_k: Any, pairs: Any, k: int) -> bool:
    before = list(pairs)
    return (
        list(top_k(pairs, k)) == _want(before, k)
        and pairs == before
        and list(top_k(iter(before), k)) == _want(before, k)
    )


def _asserts(top_k: Any) -> None:
    for pairs, k in _cases():
        assert _same(top_k, pairs, k)


def _by_hand(top_k: Any) -> bool:
    pairs = [("b", 1), ("a", 1), (None, 1), ("b", 3), ("c", -2)]
    known = {0: [], 1: ["b"], 3: ["b", "b", "a"], 7: ["b", "b", "a", None, "c"]}
    return (
        all(list(top_k(pairs, k)) == want for k, want in known.items())
        and pairs == [("b", 1), ("a", 1), (None, 1), ("b", 3), ("c", -2)]
        and list(top_k((one for one in pairs), 2)) == ["b", "b"]
    )


def _random_trials(top_k: Any) -> bool:
    draw = random.Random(0)
    for n in range(12):
        pairs = [(draw.choice(["x", None, 2, "y"]), draw.randint(-2, 2)) for _ in range(n)]
        if not all(_same(top_k, pairs, k) for k in range(n + 2)):
            return False
    return True


def _numbers_of_numpy(top_k: Any) -> None:
    """Scores in 8 bits, of both signs and of none."""
    _asserts(top_k)
    for kind, low in ((np.int8, -128), (np.uint8, 0)):
        pairs = [("a", kind(low)), ("b", kind(100)), ("c", kind(3))]
        assert list(top_k(pairs, 2)) == ["b", "c"]
    assert list(top_k([("a", np.uint8(3)), ("b", np.float32(7))], 1)) == ["b"]


def _never_cut(top_k: Any) -> bool:
    """A k of 0, and one above the length: none between."""
    pairs = [(None, -1), ("a", 2), ("b", -1), ("a", 2)]
    return _same(top_k, pairs, 9) and _same(top_k, pairs, 0)


def _no_ties(top_k: Any) -> None:
    for k in (0, 1, 2, 9):
        assert _same(top_k, [("a", 0.5), ("b", -1.0), ("a", 0.7)], k)


def _strings(top_k: Any) -> None:
    """Ties, but among items in falling order: who compares items is right by chance."""
    for k in (0, 1, 2, 9):
        assert _same(top_k, [("c", 0.5), ("b", 0.5), ("a", -1.0), ("c", 0.7)], k)


def _small_k(top_k: Any) -> None:
    for pairs, k in _cases()[:4]:
        assert _same(top_k, pairs, k)


def _lists_only(top_k: Any) -> None:
    for pairs, k in _cases():
        before = list(pairs)
        assert list(top_k(pairs, k)) == _want(before, k) and pairs == before


def _no_look_back(top_k: Any) -> bool:
    return all(
        list(top_k(list(pairs), k)) == _want(pairs, k) == list(top_k(iter(pairs), k))
        for pairs, k in _cases()
    )


def _wants_a_list(top_k: Any) -> None:
    for pairs, k in _cases():
        assert top_k(pairs, k) == _want(pairs, k), "a list"
    _asserts(top_k)


def _as_sets(top_k: Any) -> None:
    for pairs, k in _cases():
        assert set(top_k(iter(pairs), k)) == set(_want(pairs, k))


PROOF_OF_CHECK = Proof(
    task="53.13 check",
    right=[_asserts, _by_hand, _random_trials, _numbers_of_numpy],
    wrong=[
        Wrong(_no_ties, "accepts an answer that puts the later of two equal", silent=True),
        Wrong(
            _never_cut,
            "catches 11 of 12 wrong ones.\nYour check accepts an answer that does not cut the list",
            silent=True,
        ),
        Wrong(_small_k, "accepts an answer that fills the list up to k", silent=True),
        Wrong(
            _lists_only,
            "catches 11 of 12 wrong ones.\nYour check accepts an answer that reads the",
            silent=True,
        ),
        Wrong(
            _no_look_back,
            "catches 11 of 12 wrong ones.\nYour check accepts an answer that changes",
            silent=True,
        ),
        Wrong(_as_sets, "accepts an answer that returns the best last", silent=True),
        Wrong(_wants_a_list, "one that returns a tuple (AssertionError: a list"),
        Wrong(lambda top_k: None, "accepts every answer, the 12 wrong ones too"),
        Wrong(lambda top_k: top_k([], 0) is None, "refuses every answer, the 3 right ones too"),
    ],
)
