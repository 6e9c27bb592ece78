"""Task 53.13: the k best of a stream, with a heap; and the learner's own test of it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_list

right = LessonAnswer("53.13", heapq=heapq)
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


CASES: list[Case] = [
    ([("c", 0.5), ("a", 0.9), ("b", 0.5), ("d", 0.1)], 3),
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


def _heap(entry: Callable[[Any, int, Any], tuple[Any, ...]]) -> Callable[..., list[Any]]:
    """No edit of the lesson's answer, which would take copies of its arguments.

    A learner's test may give a generator, or items known by ``is`` alone: neither can be copied.
    """

    def top_k(pairs: Any, k: int) -> list[Any]:
        heap: list[Any] = []
        for at, (item, score) in enumerate(pairs):
            heapq.heappush(heap, entry(score, at, item))
            if len(heap) > k:
                heapq.heappop(heap)
        return [row[-1] for row in sorted(heap, reverse=True)]

    return top_k


best = _heap(lambda score, at, item: (score, -at, item))


def _without_repeats(pairs: Any, k: int) -> list[Any]:
    kept: list[Any] = []
    for item in best(pairs, 10**6):
        if item not in kept:
            kept.append(item)
    return kept[:k]


def _fails_on_large_k(pairs: Any, k: int) -> list[Any]:
    items = best(pairs, k)
    return [items[at] for at in range(k)]


def _in_place(pairs: Any, k: int) -> list[Any]:
    if isinstance(pairs, list):
        pairs.sort(key=lambda pair: -pair[1])
    return best(pairs, k)


RIGHT: Answers = {
    "keeps a heap": best,
    "sorts everything": lambda pairs, k: [
        item for item, _ in sorted(pairs, key=lambda pair: pair[1], reverse=True)
    ][:k],
    "returns a tuple": lambda pairs, k: tuple(best(pairs, k)),
}
WRONG: Answers = {
    "puts the later of two equal scores first": _heap(lambda score, at, item: (score, at, item)),
    "compares items where scores are equal": _heap(lambda score, at, item: (score, item)),
    "returns the k lowest": _heap(lambda score, at, item: (-float(score), -at, item)),
    "returns the best last": lambda pairs, k: best(pairs, k)[::-1],
    "drops an item that comes twice": _without_repeats,
    "leaves out scores of 0 and below": lambda pairs, k: best([p for p in pairs if p[1] > 0], k),
    "fills the list up to k": lambda pairs, k: (best(pairs, k) + [None] * k)[:k],
    "does not cut the list at k": lambda pairs, k: best(pairs, 10**9) if k else [],
    "fails where k is above the length": _fails_on_large_k,
    "returns one item for a k of 0": lambda pairs, k: best(pairs, max(k, 1)),
    "reads the stream twice": lambda pairs, k: best(pairs, k) if list(pairs) else [],
    "changes its arguments": _in_place,
}

SLIPS = {
    "of equal scores the later item stands first; the earlier does": WRONG[
        "puts the later of two equal scores first"
    ],
    "equal scores are ordered by the items; the earlier stands first": right.first(
        "pairs = sorted(pairs, key=lambda pair: str(pair[0]))"
    ),
    "the k lowest are returned": WRONG["returns the k lowest"],
    "the best are returned in the order in which they came": right.edit(
        {"sorted(heap, reverse=True)": "sorted(heap, key=lambda row: -row[1])"}
    ),
    "the best stands last": WRONG["returns the best last"],
    "an item that comes twice is dropped": _without_repeats,
    "scores of 0 and below are left out": WRONG["leaves out scores of 0 and below"],
    "the list is filled up to k": WRONG["fills the list up to k"],
    "one too many is returned": right.first("k += 1"),
    "a k of 0 returns one item": WRONG["returns one item for a k of 0"],
    "scores are negated, and in 8 bits the negative of -128 is -128; put float(score) first": (
        right.edit({"(score, -at": "(-float(-score), -at"})
    ),
    "scores are rounded, and near ones tie": right.edit(
        {"(score, -at": "(round(float(score), 9), -at"}
    ),
}


def check_top_k(answer: Any) -> None:
    told = in_one_line(right)

    def read(got: Any, case: Case) -> list[Any]:
        return as_list(got, told(case))

    compare(leaving(answer, right.arguments, told), CASES, right, read, told, SLIPS)
    for pairs, k in CASES:
        want, got = right(pairs, k), as_list(answer(Stream(pairs), k), f"top_k(iter({pairs}), {k})")
        if got != want:
            reject(
                f"top_k(iter({pairs}), {k}) must be {want}, got {got}: a stream is read once, and "
                "has no length."
            )


TASK = Task(
    "53.13",
    "Return the items with the k highest scores of a stream, the best first.",
    check_top_k,
    hints=(
        "Keep a heap of at most k: its smallest entry is the worst that you keep. Push; when there "
        "are more than k, pop.",
        "Entries (score, -at, item), at from enumerate: of equal scores the later is popped first, "
        "and since no two numbers are equal, items are never compared.",
        "for at, (item, score) in enumerate(pairs): heapq.heappush(heap, (score, -at, item)); if "
        "len(heap) > k: heapq.heappop(heap). Then [item for *_, item in sorted(heap, "
        "reverse=True)].",
    ),
    insight="n log k steps and room for k: the stream may be longer than memory.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)

CHECK = grading(
    "53.13",
    RIGHT,
    WRONG,
    hints=(
        "The edges of k: 0, 1, the length, above it. The edges of the stream: empty, equal scores, "
        "an item twice, scores below 0, a generator.",
        "list(f(pairs, k)) == [...] takes lists and tuples. Items that cannot be compared, such as "
        "None and 'a' with one score, show who compares them.",
        "The brute force is one line: sorted(pairs, key=lambda pair: pair[1], reverse=True) keeps "
        "the order of equals. Ask with list(pairs) and with iter(pairs), and compare the list with "
        "a copy afterwards.",
    ),
    insight="Ties are the first follow-up of any top-k; a generator is the second.",
)
