"""Task 31.4: NDCG of scores with ties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_CASES: list[Case] = [
    ([0.9, 0.5, 0.5, 0.1], [0, 1, 0, 0], 10),
    ([3.0, 2.0, 1.0], [2, 0, 1], 3),
    ([0.0, 0.0, 0.0, 0.0], [0, 0, 0, 1], 2),
    ([1.0, 1.0, 1.0, 0.0, 0.0], [0, 2, 1, 3, 0], 4),
    ([0.2, 0.7, 0.7, 0.7, 0.2, 0.9], [3, 0, 1, 1, 2, 0], 3),
    ([1.0, 1.0, 1.0], [1, 1, 1], 2),
    ([0.4, 0.6], [1, 0], 1),
    ([5], [2], 10),
    ([-1.0, -1.0, -2.0, -0.5], [1, 0, 2, 0], 2),
    (np.array([200, 100, 200, 50], np.uint8), np.array([0, 1, 3, 2], np.uint8), 3),
    (np.array([200, 0, 100], np.uint8), [2, 0, 0], 3),
    ([2e-7, 1e-7], [0, 1], 1),
    ([2.0, 1.0], [0.5, 1.5], 2),
    ([0.7, 0.7000000001, 0.2], [1, 0, 0], 2),
    ([0.5] * 9, [3] + [0] * 8, 3),
    ([0.3, 0.8, 0.5], np.array([9, 0, 3], np.uint8), 3),  # 2 ** 9 is no short integer
    ([0.5] * 24, [1] + [0] * 23, 2),  # more orders than can be tried
]


def _discounts(n: int, k: int) -> np.ndarray:
    at = np.arange(n)
    return np.where(at < k, 1 / np.log2(at + 2), 0.0)


def _gains(grades: Any) -> np.ndarray:
    return 2.0 ** np.asarray(grades, float) - 1


def _gains_in_their_type(grades: Any) -> np.ndarray:
    return np.asarray(2 ** np.asarray(grades) - 1).astype(float)


def _ideal(grades: Any, k: int) -> float:
    gain = np.sort(_gains(grades))[::-1]
    return float(gain @ _discounts(len(gain), k))


def right_ties(scores: Any, grades: Any, k: int, gains: Any = _gains, cut: bool = True) -> float:
    s, gain = np.asarray(scores, float), gains(grades)
    worth, total = _discounts(len(s), k), 0.0
    for value in np.unique(s):
        tied, above = s == value, int((s > value).sum())
        places = worth[above : above + int(tied.sum())]
        total += float(gain[tied].mean() * places.sum())
    top = np.sort(gain)[::-1] @ _discounts(len(gain), k if cut else len(gain))
    return float(total / top)


def _ordered(order: np.ndarray, grades: Any, k: int) -> float:
    return float(_gains(grades)[order] @ _discounts(len(order), k) / _ideal(grades, k))


def as_it_stands(scores: Any, grades: Any, k: int) -> float:
    return _ordered(np.argsort(-np.asarray(scores, float), kind="stable"), grades, k)


def _best_case(scores: Any, grades: Any, k: int) -> float:
    s, g = np.asarray(scores, float), np.asarray(grades, float)
    return _ordered(np.lexsort((-g, -s)), grades, k)


def _worst_case(scores: Any, grades: Any, k: int) -> float:
    s, g = np.asarray(scores, float), np.asarray(grades, float)
    return _ordered(np.lexsort((g, -s)), grades, k)


def mean_place(scores: Any, grades: Any, k: int) -> float:
    """1 / log2(1 + mean position), which is not the mean of 1 / log2(1 + position)."""
    s = np.asarray(scores, float)
    place = np.array([1 + (s > x).sum() + ((s == x).sum() - 1) / 2 for x in s])
    worth = np.where(place <= k, 1 / np.log2(1 + place), 0.0)
    return float(_gains(grades) @ worth / _ideal(grades, k))


def _middle(scores: Any, grades: Any, k: int) -> float:
    return (_best_case(scores, grades, k) + _worst_case(scores, grades, k)) / 2


def _whole(scores: Any, grades: Any, k: int) -> float:
    return right_ties(scores, grades, len(scores))


def _whole_groups(scores: Any, grades: Any, k: int) -> float:
    """A group that k cuts in two earns nothing."""
    s, gain = np.asarray(scores, float), _gains(grades)
    worth, total = _discounts(len(s), k), 0.0
    for value in np.unique(s):
        tied, above = s == value, int((s > value).sum())
        if above + tied.sum() <= k:
            total += float(gain[tied].mean() * worth[above : above + int(tied.sum())].sum())
    return total / _ideal(grades, k)


def _cut_first(order: Callable[..., np.ndarray]) -> Callable[..., float]:
    """The list is cut at k before equal scores share their positions."""

    def ndcg(scores: Any, grades: Any, k: int) -> float:
        s, g = np.array(scores, float), np.asarray(grades, float)
        s[order(s, g)[k:]] = -np.inf
        return right_ties(s, g, k)

    return ndcg


def _minus(scores: Any, grades: Any, k: int) -> float:
    """Minus the scores, in whatever type they have."""
    s = -np.asarray(scores)
    return right_ties(-s.astype(float), grades, k)


def _small_integers(scores: Any, grades: Any, k: int) -> float:
    with np.errstate(all="ignore"):
        return _ordered(np.argsort(-np.asarray(scores), kind="stable"), grades, k)


CUT = "texts tied across position k are cut as a list: share all their positions first"
MISTAKES: dict[str, Callable[..., Any]] = {
    "equal scores stay in the order of the arguments: one of several orders, not their mean": (
        as_it_stands
    ),
    "of equal scores the better grade stands first: the best of the orders": _best_case,
    "of equal scores the worse grade stands first: the worst of the orders": _worst_case,
    "each gets the discount at the mean position: the mean of the discounts is another number": (
        mean_place
    ),
    "the best and the worst order are averaged: most orders lie elsewhere": _middle,
    "k does not cut the list": _whole,
    f"{CUT} (here in the order of the arguments)": _cut_first(
        lambda s, g: np.argsort(-s, kind="stable")
    ),
    f"{CUT} (here the better grade first)": _cut_first(lambda s, g: np.lexsort((-g, -s))),
    "minus turns round in eight bits: make the scores floats first": _minus,
    "scores that are close count as equal: only equal ones are": (
        lambda s, g, k: right_ties(np.round(np.asarray(s, float), 6), g, k)
    ),
    "scores are cut to 32 bits, where close ones become equal": (
        lambda s, g, k: right_ties(np.asarray(s, np.float32), g, k)
    ),
    "2**grade runs over in eight bits: make the grades floats first": (
        lambda s, g, k: right_ties(s, g, k, _gains_in_their_type)
    ),
    "grades are cut to whole numbers": (
        lambda s, g, k: right_ties(s, np.asarray(g, float).astype(int), k)
    ),
    "equal scores that k cuts in two earn nothing: their positions up to k count": _whole_groups,
    "the ideal list is not cut at k": (lambda s, g, k: right_ties(s, g, k, cut=False)),
    "the gain is the grade itself, not 2**grade - 1": (
        lambda s, g, k: right_ties(s, g, k, lambda of: np.asarray(of, float))
    ),
    "it is not divided by the ideal list": (lambda s, g, k: right_ties(s, g, k) * _ideal(g, k)),
}


def check_ties(answer: Any) -> None:
    names = ("scores", "grades", "k")
    compare(
        leaving(answer, names, _told),
        _CASES,
        right_ties,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("expected_ndcg", case)


TASK = Task(
    id="31.4",
    prompt="Return NDCG@k, the mean over all orders of equal scores.",
    check_answer=check_ties,
    hints=(
        "Three texts with one score take three positions. In the mean over orders each of them is "
        "as often at each position.",
        "So a group of ties earns its mean gain times the sum of the discounts of its positions, "
        "where positions beyond k have the discount 0.",
        "for value in np.unique(s): tied = s == value; above = (s > value).sum(); "
        "total += gain[tied].mean() * discount[above:above + tied.sum()].sum()",
    ),
    insight="With ties a stable sort is a hidden second ranker: the order of the file.",
)
