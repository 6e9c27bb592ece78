"""Task 11.1: NDCG with grades."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

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
    compare(
        answer,
        CASES,
        _ndcg,
        lambda value, case: as_number(value, f"{_tell(*case)}: the result"),
        lambda case: _tell(*case),
        MISTAKES,
    )


def linear(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=float)


def binary(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=lambda grade: float(grade > 0))


def powers(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, gain=lambda grade: 2.0**grade)


def of_shown(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, shown, k)


def of_shown_cut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown[:k], shown[:k], k)


def uncut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, max(k, len(shown)), ideal_k=k)


def ideal_uncut(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, ideal_k=len(judged))


def not_divided(shown: Grades, judged: Grades, k: int) -> float:
    return float(sum(_gain(g) / math.log2(at) for at, g in enumerate(shown[:k], start=2)))


def ideal_unsorted(shown: Grades, judged: Grades, k: int) -> float:
    top = not_divided(judged, judged, k)
    return not_divided(shown, judged, k) / top if top else 0.0


def no_discount(shown: Grades, judged: Grades, k: int) -> float:
    top = sum(map(_gain, sorted(judged, reverse=True)[:k]))
    return float(sum(map(_gain, shown[:k])) / top) if top else 0.0


def one_later(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k, first=3)


def one_for_nothing(shown: Grades, judged: Grades, k: int) -> float:
    return _ndcg(shown, judged, k) if any(judged) else 1.0


MISTAKES: dict[str, Callable[..., float]] = {
    "the gain is the grade itself, not 2 ** grade - 1": linear,
    "every grade above 0 earns the same": binary,
    "grade 0 earns something: the - 1 of the gain is missing": powers,
    "the ideal list is made of what was shown, not of all judged grades": of_shown,
    "the ideal list is made of the first k shown": of_shown_cut,
    "places after k count too": uncut,
    "the ideal list is not cut at k": ideal_uncut,
    "the sum is not divided by that of the ideal list": not_divided,
    "the judged grades are not sorted, best first, before they are cut": ideal_unsorted,
    "the places are not discounted": no_discount,
    "the first place is divided by log2(3): places count from 1": one_later,
    "a query without any relevant product gives 1, not 0": one_for_nothing,
}


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
    insight="The best list is made of everything that was judged: a list that missed the good "
    "products must not get a 1 for having sorted the bad ones.",
)
