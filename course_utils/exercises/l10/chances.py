"""Task 10.3: with which chance is a product drawn as a negative?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

CASES: list[Case] = [
    (np.array([4, 1, 0, 5]), [3], 1.0),
    (np.array([16, 1, 81, 2]), [1], 0.75),
    (np.array([9, 4, 1]), [], 0.5),
    (np.array([9, 4, 0, 1]), [0], 0.0),
    (np.array([7, 0, 3, 2, 8]), [0, 4], 0.75),
    (np.array([3, 5]), [0, 1], 1.0),
    (np.array([6, 0, 0]), [0], 1.0),
    (np.array([2, 2, 2, 4]), [0, 2, 0], 2.0),
]


def right_chances(
    counts: np.ndarray,
    taken: Sequence[int],
    power: float,
    change: Callable[[np.ndarray, float], np.ndarray] = lambda n, power: n**power,
) -> np.ndarray:
    weights = np.asarray(change(counts.astype(float), power), float).copy()
    weights[list(taken)] = 0.0
    total = weights.sum()
    return weights / total if total > 0 else weights * 0


def _with(change: Callable[[np.ndarray, float], np.ndarray]) -> Callable[..., np.ndarray]:
    return lambda counts, taken, power: right_chances(counts, taken, power, change)


def _masked_too_late(counts: np.ndarray, taken: Sequence[int], power: float) -> np.ndarray:
    chances = right_chances(counts, [], power)
    chances[list(taken)] = 0.0
    return chances


def _positives_too(counts: np.ndarray, taken: Sequence[int], power: float) -> np.ndarray:
    return right_chances(counts, [], power)


def _only_positives(counts: np.ndarray, taken: Sequence[int], power: float) -> np.ndarray:
    return right_chances(counts, np.setdiff1d(np.arange(len(counts)), taken).tolist(), power)


def _power_last(counts: np.ndarray, taken: Sequence[int], power: float) -> np.ndarray:
    chances = right_chances(counts, taken, 1.0)
    raised = np.asarray(chances**power, float)
    raised[list(taken)] = 0.0
    return raised


MISTAKES: dict[str, Callable[..., Any]] = {
    "You draw what the customer took too; its chance is 0.": _positives_too,
    "Your mask comes after the division, so the chances no longer sum to 1.": _masked_too_late,
    "You draw what was taken and leave out the rest: the mask is upside down.": _only_positives,
    "You raise after you divided, so the chances no longer sum to 1.": _power_last,
    "The power changes nothing in yours.": _with(lambda n, power: n),
    "You draw all products alike; the counts change nothing.": _with(
        lambda n, power: np.ones_like(n)
    ),
    "You multiply by the power; raise to it.": _with(lambda n, power: n * power),
    "The rare are likely in yours, the famous are not.": _with(
        lambda n, power: np.maximum(n, 1) ** -power
    ),
    "You add 1 to the counts.": _with(lambda n, power: (n + 1) ** power),
    "You use a softmax; divide the raised counts by their sum.": _with(
        lambda n, power: np.exp(power * n)
    ),
}


def check_chances(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_chances,
        lambda value, case: as_array(value, _shown(case), case[0].shape),
        _shown,
        MISTAKES,
    )


def _shown(case: Case) -> str:
    return f"negative_chances(np.array({case[0].tolist()}), {case[1]}, {case[2]:g})"


TASK = Task(
    id="10.3",
    prompt="The counts raised to a power, 0 for what the customer took, divided by their sum.",
    check_answer=check_chances,
    hints=(
        "Three steps in this order: raise, mask, divide.",
        "weights = counts.astype(float) ** power; weights[taken] = 0. What if nothing is left?",
        "total = weights.sum(); return weights / total if total > 0 else weights. For an empty "
        "list write weights[list(taken)], which NumPy takes as it is.",
    ),
    insight="Raise, mask, divide: masked after the division, the chances no longer sum to 1.",
)
