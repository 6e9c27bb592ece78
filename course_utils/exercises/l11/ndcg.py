"""Task 11.1: NDCG with grades."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Grades = Sequence[int]

CASES: list[Case] = [
    ([2, 3, 0], [3, 3, 2, 1, 0, 0], 3),
    ([3, 0, 1, 2, 3], [3, 3, 3, 2, 2, 1, 0, 0], 3),
    ([0, 1, 2, 3], [3, 2, 1, 0, 0], 10),
    ([1, 0, 2], [2, 1, 0, 3, 1], 2),
    ([2], [1, 2, 3, 1], 4),
    ([], [3, 1], 5),
    ([0, 0], [0, 0, 0], 2),
    ([0, 0], [1, 0, 0], 2),
    ([3, 2, 1], [3, 2, 1, 0], 3),
    ([0, 2], [2, 0, 3], 1),
    ([0, 0, 0, 1], [3, 2, 3, 3, 3, 1], 4),
    ([2, *[0] * 9, 3, 2, 1], [1, 2, 3] * 5, 12),
    ([*[0] * 20, 3], [3] * 30, 21),
]


def _gain(grade: int) -> float:
    return 2.0**grade - 1.0


def right_ndcg(
    shown: Grades,
    judged: Grades,
    k: int,
    *,
    gain: Callable[[int], float] = _gain,
    first: int = 2,
    ideal_k: int | None = None,
) -> float:
    """The right NDCG, or one with a part exchanged."""

    def dcg(grades: Grades) -> float:
        return sum(gain(grade) / math.log2(at) for at, grade in enumerate(grades, start=first))

    top = dcg(sorted(judged, reverse=True)[: k if ideal_k is None else ideal_k])
    return float(dcg(shown[:k]) / top) if top else 0.0


def _not_divided(shown: Grades, judged: Grades, k: int) -> float:
    return float(sum(_gain(g) / math.log2(at) for at, g in enumerate(shown[:k], start=2)))


def _ideal_unsorted(shown: Grades, judged: Grades, k: int) -> float:
    top = _not_divided(judged, judged, k)
    return _not_divided(shown, judged, k) / top if top else 0.0


def _no_discount(shown: Grades, judged: Grades, k: int) -> float:
    top = sum(map(_gain, sorted(judged, reverse=True)[:k]))
    return float(sum(map(_gain, shown[:k])) / top) if top else 0.0


def _with(**part: Any) -> Callable[[Grades, Grades, int], float]:
    return lambda shown, judged, k: right_ndcg(shown, judged, k, **part)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the gain is the grade itself, not 2 ** grade - 1": _with(gain=float),
    "every grade above 0 earns the same": _with(gain=lambda grade: float(grade > 0)),
    "grade 0 earns something: the - 1 of the gain is missing": _with(gain=lambda grade: 2.0**grade),
    "the ideal list is made of what was shown, not of all judged grades": (
        lambda shown, judged, k: right_ndcg(shown, shown, k)
    ),
    "the ideal list is made of the first k shown": (
        lambda shown, judged, k: right_ndcg(shown[:k], shown[:k], k)
    ),
    "positions after k count too": lambda shown, judged, k: right_ndcg(
        shown, judged, max(k, len(shown)), ideal_k=k
    ),
    "positions after the tenth do not count, though k is larger": lambda shown, judged, k: (
        right_ndcg(shown[:10], judged, k)
    ),
    "k is never more than 10": lambda shown, judged, k: right_ndcg(shown, judged, min(k, 10)),
    "the ideal list is not cut at k": lambda shown, judged, k: right_ndcg(
        shown, judged, k, ideal_k=len(judged)
    ),
    "the ideal list is cut where the shown list ends, not at k": lambda shown, judged, k: (
        right_ndcg(shown, judged, k, ideal_k=min(k, len(shown)))
    ),
    "the sum is not divided by that of the ideal list": _not_divided,
    "the judged grades are not sorted, best first, before they are cut": _ideal_unsorted,
    "the positions are not discounted": _no_discount,
    "the first position is divided by log2(3): positions count from 1": _with(first=3),
    "a query without any relevant product gives 1, not 0": lambda shown, judged, k: (
        right_ndcg(shown, judged, k) if any(judged) else 1.0
    ),
}


def check_ndcg(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_ndcg,
        lambda value, case: as_number(value, f"{_shown(case)}: the result"),
        _shown,
        MISTAKES,
    )


def _shown(case: Case) -> str:
    return f"ndcg(shown={case[0]}, judged={case[1]}, k={case[2]})"


TASK = Task(
    id="11.1",
    prompt="Return the graded NDCG at k of a list, against the best list of all judged grades.",
    check_answer=check_ndcg,
    hints=(
        "Write one small function for the discounted sum of a list of grades, and call it twice.",
        "The second list is sorted(judged, reverse=True); both are cut at k before the sum.",
        "sum((2 ** g - 1) / np.log2(position + 1) for position, g in enumerate(grades[:k], "
        "start=1)); divide the two sums, and return 0 where the second is 0.",
    ),
    insight="The best list is made of everything that was judged: a list that missed the good "
    "products must not get a 1 for having sorted the bad ones.",
)
