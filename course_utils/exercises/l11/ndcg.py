"""Task 11.1: NDCG with grades."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task, Wrong, as_number
from course_utils.exercises.l11.judging import judge

Grades = Sequence[int]

CASES: list[tuple[list[int], list[int], int]] = [
    ([2, 3, 0], [3, 3, 2, 1, 0, 0], 3),
    ([3, 0, 1, 2, 3], [3, 3, 3, 2, 2, 1, 0, 0], 3),
    ([0, 1, 2, 3], [3, 2, 1, 0, 0], 10),
    ([1, 0, 2], [2, 1, 0, 3, 1], 2),
    ([2], [1, 2, 3, 1], 4),
    ([], [3, 1], 5),
    ([0, 0], [0, 0, 0], 2),
    ([3, 2, 1], [3, 2, 1, 0], 3),
    ([0, 2], [2, 0, 3], 1),
]


def _gain(grade: int) -> float:
    return 2.0**grade - 1.0


def _ndcg(
    shown: Grades,
    judged: Grades,
    k: int,
    gain: Callable[[int], float] = _gain,
    first: int = 2,
    ideal_k: int | None = None,
) -> float:
    def dcg(grades: Grades) -> float:
        return sum(gain(grade) / math.log2(at) for at, grade in enumerate(grades, start=first))

    top = dcg(sorted(judged, reverse=True)[: k if ideal_k is None else ideal_k])
    return float(dcg(shown[:k]) / top) if top else 0.0


def _tell(shown: Grades, judged: Grades, k: int) -> str:
    return f"ndcg(shown={shown}, judged={judged}, k={k})"


def check_ndcg(answer: Any) -> None:
    judge(answer, CASES, _ndcg, as_number, _tell, MISTAKES)


def _linear(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=float)


def _binary(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=lambda grade: float(grade > 0))


def _powers(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=lambda grade: 2.0**grade)


def _of_shown(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, shown, k)


def _of_shown_cut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown[:k], shown[:k], k)


def _uncut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, max(k, len(shown)), ideal_k=k)


def _ideal_uncut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, ideal_k=len(judged))


def _not_divided(shown: Grades, judged: Grades, k: int) -> float:
    return float(sum(_gain(g) / math.log2(at) for at, g in enumerate(shown[:k], start=2)))


def _ideal_unsorted(shown: Grades, judged: Grades, k: int) -> float:
    top = _not_divided(judged, judged, k)
    return _not_divided(shown, judged, k) / top if top else 0.0


def _no_discount(shown: Grades, judged: Grades, k: int) -> float:
    top = sum(map(_gain, sorted(judged, reverse=True)[:k]))
    return float(sum(map(_gain, shown[:k])) / top) if top else 0.0


def _one_later(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, first=3)


def _one_for_nothing(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k) if any(judged) else 1.0


MISTAKES: dict[str, Callable[..., float]] = {
    "the gain is the grade itself, not 2 ** grade - 1": _linear,
    "every grade above 0 earns the same": _binary,
    "grade 0 earns something: the - 1 of the gain is missing": _powers,
    "the ideal list is made of what was shown, not of all judged grades": _of_shown,
    "the ideal list is made of the first k shown": _of_shown_cut,
    "places after k count too": _uncut,
    "the ideal list is not cut at k": _ideal_uncut,
    "the sum is not divided by that of the ideal list": _not_divided,
    "the judged grades are not sorted, best first, before they are cut": _ideal_unsorted,
    "the places are not discounted": _no_discount,
    "the first place is divided by log2(3): places count from 1": _one_later,
    "a query without any relevant product gives 1, not 0": _one_for_nothing,
}


def _with_numpy(shown: Grades, judged: Grades, k: int) -> Any:
    def dcg(grades: Grades) -> Any:
        gains = np.exp2(np.asarray(grades[:k], dtype=float)) - 1
        return (gains / np.log2(np.arange(len(gains)) + 2)).sum()

    ideal = dcg(np.sort(judged)[::-1].tolist())
    return np.float64(0) if ideal == 0 else dcg(shown) / ideal


def _natural_logarithm(shown: Grades, judged: Grades, k: int) -> Any:
    """The base of the logarithm cancels."""
    ideal = sorted(judged)[::-1]
    sums = [0.0, 0.0]
    for at in range(k):
        for which, grades in enumerate((shown, ideal)):
            if at < len(grades):
                sums[which] += (2 ** grades[at] - 1) / math.log(at + 2)
    return [sums[0] / sums[1] if sums[1] > 0 else 0]


TASK = Task(
    id="11.1",
    prompt="Return the graded NDCG at k of a list, against the best list of all judged grades.",
    check_answer=check_ndcg,
    hints=(
        "Write one small function for the discounted sum of a list of grades, and call it twice.",
        "The second list is sorted(judged, reverse=True); both are cut at k before the sum.",
        "sum((2 ** g - 1) / np.log2(place + 1) for place, g in enumerate(grades[:k], start=1)); "
        "divide the two sums, and return 0 where the second is 0.",
    ),
    right=[_with_numpy, _natural_logarithm],
    wrong=[
        Wrong(_linear, "the gain is the grade itself", silent=True),
        Wrong(_binary, "every grade above 0 earns the same", silent=True),
        Wrong(_powers, "the - 1 of the gain is missing", silent=True),
        Wrong(_of_shown, "made of what was shown", silent=True),
        Wrong(_of_shown_cut, "made of the first k shown", silent=True),
        Wrong(_uncut, "places after k count too", silent=True),
        Wrong(_ideal_uncut, "the ideal list is not cut", silent=True),
        Wrong(_not_divided, "not divided by that of the ideal list", silent=True),
        Wrong(_ideal_unsorted, "the judged grades are not sorted", silent=True),
        Wrong(_no_discount, "not discounted", silent=True),
        Wrong(_one_later, "log2(3)", silent=True),
        Wrong(_one_for_nothing, "gives 1, not 0", silent=True),
        Wrong(lambda shown, judged, k: None, "Did you forget a return?"),
    ],
    insight="The best list is made of everything that was judged: a list that missed the good "
    "products must not get a 1 for having sorted the bad ones.",
)
