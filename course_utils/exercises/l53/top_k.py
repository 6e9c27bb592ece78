"""Task 53.13: the k best of a stream, with a heap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list

Pairs = list[tuple[Any, float]]


class Stream:
    """Pairs that can be read once, as from a file."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.read = False

    def __iter__(self) -> Iterator[tuple[Any, float]]:
        if self.read:
            return
        self.read = True
        yield from self.pairs

    def __repr__(self) -> str:
        return f"iter({self.pairs})"


def _drawn(seed: int, n: int, levels: int) -> Pairs:
    draw = np.random.default_rng(seed)
    scores = (draw.integers(levels, size=n) - levels // 2).tolist()
    return [(f"p{at}", score / 4) for at, score in zip(draw.permutation(n), scores, strict=True)]


EXAMPLE: Case = ([("c", 0.5), ("a", 0.9), ("b", 0.5), ("d", 0.1)], 3)
CASES: list[Case] = [
    EXAMPLE,
    ([("a", 0.1), ("b", 0.7), ("c", 0.4)], 2),
    (_drawn(1, 12, 50), 4),
    (_drawn(2, 15, 4), 6),
    ([("z", 1.0), ("y", 1.0), ("x", 1.0), ("w", 1.0)], 2),
    # A k above the length, of 0; nothing to read; one item.
    ([("a", 0.1), ("b", 0.7)], 9),
    ([("a", 0.1), ("b", 0.7)], 0),
    ([], 3),
    ([("a", -1.0)], 1),
    # Items that cannot be compared; the same item twice.
    ([(None, 0.5), ("a", 0.5), (3, 0.5), (None, 0.7)], 3),
    ([("a", 0.3), ("b", 0.2), ("a", 0.3), ("c", 0.1)], 3),
    # Only below zero; apart in the last digits.
    ([("a", -3.0), ("b", -1.0), ("c", -2.0)], 2),
    ([("a", 0.5), ("b", 0.5 + 1e-12), ("c", 0.5 - 1e-12)], 2),
    # Items without a hash; scores in 8 bits.
    ([({"id": 1}, 0.5), ({"id": 2}, 0.7), ({"id": 1}, 0.5)], 2),
    ([("a", np.int8(-128)), ("b", np.int8(100)), ("c", np.int8(3))], 2),
]


def _plain(score: Any) -> Any:
    """A Python number: -np.int8(-128) is -128."""
    return score.item() if isinstance(score, np.generic) else score


def by(key: Callable[[int, Any, float], Any], cut: Callable[[int], int] = lambda k: k) -> Any:
    """The items by ``key`` of their number, item and score, the smallest first."""

    def best(pairs: Any, k: int) -> list[Any]:
        rows = [(key(at, item, _plain(score)), item) for at, (item, score) in enumerate(pairs)]
        return [item for _, item in sorted(rows, key=lambda row: row[0])][: cut(k)]

    return best


def heap_order(pairs: Any, k: int) -> list[Any]:
    """The k best in the order in which a heap keeps them: the worst first."""
    return right_top_k(pairs, k)[::-1]


def without_repeats(pairs: Any, k: int) -> list[Any]:
    kept: list[Any] = []
    for item in right_top_k(list(pairs), 10**6):
        if item not in kept:
            kept.append(item)
    return kept[:k]


def starts_at_zero(pairs: Any, k: int) -> list[Any]:
    return right_top_k([one for one in pairs if one[1] > 0], k)


def padded(pairs: Any, k: int) -> list[Any]:
    found = right_top_k(pairs, k)
    return found + [None] * (k - len(found))


def _negated(pairs: Any, k: int) -> list[Any]:
    """Minus a score in the score's own type."""
    rows = sorted(enumerate(pairs), key=lambda row: (-row[1][1], row[0]))
    return [item for _, (item, _) in rows][:k]


right_top_k = by(lambda at, item, score: (-score, at))

MISTAKES: dict[str, Callable[..., Any]] = {
    "of equal scores the later item stands first; the earlier does": by(
        lambda at, item, score: (-score, -at)
    ),
    "equal scores are ordered by the items; the earlier stands first": by(
        lambda at, item, score: (-score, str(item))
    ),
    "the k lowest are returned": by(lambda at, item, score: (score, at)),
    "the best are returned in the order in which they came": (
        lambda pairs, k: [
            pairs[at][0]
            for at in sorted(sorted(range(len(pairs)), key=lambda at: (-pairs[at][1], at))[:k])
        ]
    ),
    "the best stands last": heap_order,
    "an item that comes twice is dropped": without_repeats,
    "scores of 0 and below are left out": starts_at_zero,
    "the list is filled up to k": padded,
    "one too many is returned": by(lambda at, item, score: (-score, at), lambda k: k + 1),
    "a k of 0 returns one item": by(lambda at, item, score: (-score, at), lambda k: max(k, 1)),
    "scores are negated, and in 8 bits the negative of -128 is -128; put float(score) first": (
        _negated
    ),
    "scores are rounded, and near ones tie": by(lambda at, item, score: (-round(score, 9), at)),
}


def check_top_k(answer: Any) -> None:
    def told(case: Case) -> str:
        return call_of("top_k", case)

    def read(got: Any, case: Case) -> list[Any]:
        return as_list(got, told(case))

    compare(leaving(answer, ("pairs", "k"), told), CASES, right_top_k, read, told, MISTAKES)
    for pairs, k in CASES:
        found = as_list(answer(Stream(pairs), k), f"top_k(iter({pairs}), {k})")
        if found != right_top_k(pairs, k):
            reject(
                f"top_k(iter({pairs}), {k}) must be {right_top_k(pairs, k)}, got {found}: a stream "
                "is read once, and has no length."
            )


TASK = Task(
    id="53.13",
    prompt="Return the items with the k highest scores of a stream, the best first.",
    check_answer=check_top_k,
    hints=(
        "Keep a heap of at most k: its smallest entry is the worst that you keep. Push; when "
        "there are "
        "more than k, pop.",
        "Entries (score, -at, item), at from enumerate: of equal scores the later is popped "
        "first, and "
        "since no two numbers are equal, items are never compared.",
        "for at, (item, score) in enumerate(pairs): heapq.heappush(heap, (score, -at, item)); if "
        "len(heap) > k: heapq.heappop(heap). Then [item for *_, item in sorted(heap, "
        "reverse=True)].",
    ),
    insight="n log k steps and room for k: the stream may be longer than memory.",
)
