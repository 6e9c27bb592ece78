"""Task "53.2 check": the learner's own test of NDCG."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.l53.ndcg import by, right_ndcg


def _by_groups(lists: Any, k: int) -> Any:
    values = []
    for gains, scores in lists:
        gain = np.asarray(gains, float)
        best = np.sort(gain)[::-1][:k]
        if not best.sum():
            continue
        _, group = np.unique(-np.asarray(scores, float), return_inverse=True)
        shown = (np.bincount(group, gain) / np.bincount(group))[np.sort(group)][:k]
        discount = 1 / np.log2(np.arange(len(best)) + 2)
        values.append(discount @ shown / (discount @ best))
    return np.array(values).mean() if values else None


def _last_digits(lists: Any, k: int) -> Any:
    value = right_ndcg(lists, k)
    return None if value is None else value * (1 - 1e-12)


def _fails_on_nothing(lists: Any, k: int) -> Any:
    if not all(any(gains) for gains, _ in lists):
        raise ZeroDivisionError("division by zero")  # as the ideal list divides
    return right_ndcg(lists, k)


def _fails_on_large_k(lists: Any, k: int) -> Any:
    for gains, _ in lists:
        if any(gains):
            gains[k - 1]
    return right_ndcg(lists, k)


def _sorts_in_place(lists: Any, k: int) -> Any:
    found = right_ndcg(lists, k)
    for gains, _ in lists:
        gains.sort(reverse=True)
    return found


RIGHT: Answers = {
    "goes list by list": right_ndcg,
    "returns a NumPy number": _by_groups,
    "differs in the last digits": _last_digits,
}
WRONG: Answers = {
    "leaves equal scores in the order in which they came": by("rows"),
    "orders equal scores by their gains": by("best"),
    "makes the ideal list of the k that were shown": by(ideal="shown"),
    "does not cut the ideal list at k": by(ideal="whole"),
    "averages only the part of a tie that k leaves": by("part"),
    "counts a list without a gain as 0": by(nothing=0.0),
    "fails on a list without a gain": _fails_on_nothing,
    "fails where k is above a list's length": _fails_on_large_k,
    "takes 2 to the power of the gain": by(gain=lambda g: 2**g - 1),
    "adds all lists before it divides": by(pooled=True),
    "has no discount": by(discount=np.ones_like),
    "begins the discount one position late": by(discount=lambda at: 1 / np.log2(at + 2)),
    "changes its arguments": _sorts_in_place,
}

TASK = grading(
    "53.2",
    RIGHT,
    WRONG,
    hints=(
        "Which inputs did the contract name? Ties, a list without a gain, an empty list, k above "
        "the length, several lists of unequal length, gains above 1.",
        "A list in the best order must be 1. All scores equal: the mean gain at each position. "
        "Only "
        "the last product has a gain and k is 1: 0. None where no list counts.",
        "A brute force for ties: the mean of NDCG over all orders of itertools.permutations that "
        "agree with the scores; by hand, two products with gains 1 and 0 and one score, k = 1: "
        "1/2.",
    ),
    insight="Graded gains, unequal lists and a small k find most of them; a tie across position k "
    "finds the rest.",
)
