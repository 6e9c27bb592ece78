"""Task 15.4: LambdaRank's push on each product."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_list

CASES: list[Case] = [
    ([1.0, 0.0], [0, 1]),
    ([0.3, -0.2, 1.5, 0.9, -1.1], [2, 3, 0, 1, 1]),
    ([2.0], [3]),
    ([0.5, 0.1, 0.2], [0, 0, 0]),
    ([0.5, 0.1, 0.2], [2, 2, 2]),  # no pair
    ([3.0, 2.0, 1.0, 0.0], [3, 2, 1, 0]),  # the right order pushes too
    ([0.0, 1.0, 2.0, 3.0], [3, 2, 1, 0]),
    ([-1.5, 0.4, 0.1, 2.2, 1.3, -0.7, 0.9], [1, 0, 3, 0, 2, 0, 1]),
    ([40.0, -35.0, 3.0], [0, 1, 3]),  # far apart
    ([800.0, 0.0, -20.0], [1, 2, 0]),  # e to the 800 is too large
    (
        [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, -0.1, -0.2, -0.3],
        [0, 1, 0, 2, 0, 0, 1, 0, 0, 0, 3, 0, 1],  # longer than ten
    ),
    (
        [0.6, -0.4, 0.1, 0.9, -0.8, 0.3, -0.1, 0.5, -0.6, 0.2, 0.7, -0.2],
        [1, 2, 1, 0, 3, 1, 1, 2, 1, 1, 1, 1],  # more than ten products above grade 0
    ),
]

Gain = Callable[[int], float]


def _turned_round(gap: float) -> float:
    """The chance that a pair stands the other way round, without a number too large."""
    return math.exp(-max(gap, 0.0)) / (1 + math.exp(-abs(gap)))


def push(
    scores: list[float],
    grades: list[int],
    gain: Gain = lambda g: 2.0**g - 1,
    discount: Callable[[int], float] = lambda r: 1 / math.log2(1 + r),
    slope: Callable[[float], float] = _turned_round,
    change: Callable[[float, float], float] = lambda g, d: abs(g) * abs(d),
    ideal: bool = True,
    every: bool = True,
    length: int | None = None,
) -> list[float]:
    """The pushes; each argument is one part of the formula, ``length`` that of the best list."""
    n = len(scores)
    order = sorted(range(n), key=lambda i: -scores[i])
    rank = {i: at + 1 for at, i in enumerate(order)}
    best = sum(gain(g) * discount(at + 1) for at, g in enumerate(sorted(grades)[::-1][:length]))
    total = [0.0] * n
    for i in range(n):
        for j in range(n):
            if grades[i] > grades[j] and (every or scores[i] < scores[j]):
                size = change(
                    gain(grades[i]) - gain(grades[j]), discount(rank[i]) - discount(rank[j])
                )
                size *= slope(scores[i] - scores[j]) / (best if ideal else 1.0)
                total[i] += size
                total[j] -= size
    return total


def right_lambdas(scores: list[float], grades: list[int]) -> list[float]:
    return push(scores, grades)


def _only_up(scores: list[float], grades: list[int]) -> list[float]:
    """Pushes upwards alone."""
    n, total = len(scores), [0.0] * len(scores)
    for i in range(n):
        for j in range(n):
            if grades[i] > grades[j]:
                total[i] += _one_pair(scores, grades, i, j)
    return total


def _one_pair(scores: list[float], grades: list[int], i: int, j: int) -> float:
    only = [0] * len(scores)
    only[i], only[j] = grades[i], grades[j]
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    a, b = order.index(i) + 1, order.index(j) + 1
    best = sum((2.0**g - 1) / math.log2(2 + at) for at, g in enumerate(sorted(grades)[::-1]))
    change = (2.0 ** grades[i] - 2.0 ** grades[j]) / best
    change *= abs(1 / math.log2(1 + a) - 1 / math.log2(1 + b))
    return change * _turned_round(scores[i] - scores[j])


MISTAKES: Mistakes = {
    "the change of NDCG is missing: these are RankNet's pushes": lambda s, g: push(
        s, g, change=lambda g, d: 1.0, ideal=False
    ),
    "all signs are turned: what is better must go up": lambda s, g: [-one for one in push(s, g)],
    "the exponent has the wrong sign: a pair in the right order pushes more than a wrong one": (
        lambda s, g: push(s, g, slope=lambda d: _turned_round(-d))
    ),
    "the change is not divided by the best DCG": lambda s, g: push(s, g, ideal=False),
    "the gain is the grade itself, not 2^g - 1": lambda s, g: push(s, g, gain=float),
    "the natural logarithm stands in the discount, and it does not cancel as it should": (
        lambda s, g: push(s, g, discount=lambda r: 1 / math.log(1 + r) if r > 1 else 1.0)
    ),
    "positions count from 0 in the discount, and the first has log2(2)": lambda s, g: push(
        s, g, discount=lambda r: 1 / math.log2(1 + max(r - 1, 1))
    ),
    "the pushes stop at position 10: the text takes the whole list": lambda s, g: push(
        s, g, discount=lambda r: 1 / math.log2(1 + r) if r <= 10 else 0.0
    ),
    "the best DCG counts ten products only: the text takes the whole list": lambda s, g: push(
        s, g, length=10
    ),
    "the change keeps its sign: take its absolute value": lambda s, g: push(
        s, g, change=lambda g, d: g * d
    ),
    "only pairs in the wrong order push: those in the right order push too": lambda s, g: push(
        s, g, every=False
    ),
    "the better product goes up, but the worse does not go down": _only_up,
    "the position in the list is taken for the position by score": lambda s, g: _by_place(s, g),
    "the logistic function is missing": lambda s, g: push(s, g, slope=lambda d: 1.0),
}


def _by_place(scores: list[float], grades: list[int]) -> list[float]:
    n = len(scores)
    best = sum((2.0**g - 1) / math.log2(2 + at) for at, g in enumerate(sorted(grades)[::-1]))
    total = [0.0] * n
    for i in range(n):
        for j in range(n):
            if grades[i] > grades[j]:
                size = (
                    (2.0 ** grades[i] - 2.0 ** grades[j])
                    / best
                    * _turned_round(scores[i] - scores[j])
                )
                size *= abs(1 / math.log2(2 + i) - 1 / math.log2(2 + j))
                total[i] += size
                total[j] -= size
    return total


def check_lambdas(answer: Any) -> None:
    compare(answer, CASES, right_lambdas, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> list[float]:
    what = f"{_shown(case)}: the result"
    return as_array(as_list(value, what), what, (len(case[0]),)).tolist()


def _shown(case: Case) -> str:
    return call_of("lambdas", case)


TASK = Task(
    id="15.4",
    prompt="LambdaRank's push on each product of one query.",
    check_answer=check_lambdas,
    hints=(
        "First the positions: of each product, 1 plus the number of products with a higher score. "
        "They stay as they are while you go through the pairs.",
        "For each pair with grades[i] > grades[j]: size = 1 / (1 + exp(s_i - s_j)) * |2^g_i - "
        "2^g_j| * |D(r_i) - D(r_j)| / IDCG; add it to i, subtract it from j.",
        "IDCG = sum((2**g - 1) / np.log2(at + 2) for at, g in enumerate(sorted(grades, "
        "reverse=True))). If it is 0, return [0.0] * len(scores).",
    ),
    insight="The pushes of a list add up to 0. A pair far down the list hardly pushes, whatever "
    "its grades: the discount is flat there.",
)
