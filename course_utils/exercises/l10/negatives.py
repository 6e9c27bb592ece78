"""Task 10.3: with which probability is a product drawn as a negative?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.calls import code_of
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
    (np.array([0, 0]), [], 0.75),
    (np.array([5]), [], 1.0),
    (np.array([3, 0, 300, 600, 2]), [4, 1], 1.0),
    (np.array([0, 0]), [], 0.0),
]

LARGE: list[Case] = [
    # Whole numbers overflow; so much bigger that total minus the bought one keeps few digits.
    (np.array([10**9, 100_000, 200_000]), [0], 4),
]


def right_probabilities(
    counts: np.ndarray,
    bought: Sequence[int],
    power: float,
    change: Callable[[np.ndarray, float], np.ndarray] = lambda n, power: n**power,
) -> np.ndarray:
    weights = np.asarray(change(counts.astype(float), power), float).copy()
    weights[list(bought)] = 0.0
    total = weights.sum()
    return weights / total if total > 0 else weights * 0


def _with(change: Callable[[np.ndarray, float], np.ndarray]) -> Callable[..., np.ndarray]:
    return lambda counts, bought, power: right_probabilities(counts, bought, power, change)


def _masked_too_late(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    probabilities = right_probabilities(counts, [], power)
    probabilities[list(bought)] = 0.0
    return probabilities


def _masked_too_early(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    left = counts.copy()
    left[list(bought)] = 0
    return right_probabilities(left, [], power)


def _positives_too(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    return right_probabilities(counts, [], power)


def _only_positives(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    return right_probabilities(counts, np.setdiff1d(np.arange(len(counts)), bought).tolist(), power)


def _power_last(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    probabilities = right_probabilities(counts, bought, 1.0)
    raised = np.asarray(probabilities**power, float)
    raised[list(bought)] = 0.0
    return raised


def _all_alike_if_nothing(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    probabilities = right_probabilities(counts, bought, power)
    return probabilities if probabilities.any() else np.full(len(counts), 1 / len(counts))


def _in_whole_numbers(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    weights = counts**power
    weights[list(bought)] = 0
    total = weights.sum()
    return weights / total if total > 0 else weights.astype(float)


MISTAKES: dict[str, Callable[..., Any]] = {
    "You draw what the customer bought too; its probability is 0.": _positives_too,
    "Your mask comes after the division, so the sum is no longer 1.": _masked_too_late,
    "You draw what was bought and leave out the rest: the mask is upside down.": _only_positives,
    "You raise after you divided, so the sum is no longer 1.": _power_last,
    "You set the count to 0 before you raise it: with power 0 that is 1. Mask after raising.": (
        _masked_too_early
    ),
    "The power changes nothing in yours.": _with(lambda n, power: n),
    "You draw all products alike; the counts change nothing.": _with(
        lambda n, power: np.ones_like(n)
    ),
    "You multiply by the power; raise to it.": _with(lambda n, power: n * power),
    "The rare are likely in yours, the famous are not.": _with(
        lambda n, power: np.maximum(n, 1) ** -power
    ),
    "You add 1 to the counts.": _with(lambda n, power: (n + 1) ** power),
    "You raise whole numbers, which overflow; turn counts into floats first.": (_in_whole_numbers),
    "You return 0 where all counts are 0; with power 0 each of them weighs 1.": (
        lambda counts, bought, power: right_probabilities(counts, bought, power) * counts.any()
    ),
    "You draw all alike where nothing can be drawn; there all probabilities are 0.": (
        _all_alike_if_nothing
    ),
    "You use a softmax; divide the raised counts by their sum.": _with(
        lambda n, power: np.exp(power * n)
    ),
}


def check_probabilities(answer: Any) -> None:
    for cases in (CASES, LARGE):
        compare(
            answer,
            cases,
            right_probabilities,
            lambda value, case: as_array(value, _shown(case), case[0].shape),
            _shown,
            MISTAKES,
        )


def _shown(case: Case) -> str:
    return f"negative_probabilities({code_of(case[0])}, {case[1]}, {case[2]:g})"


TASK = Task(
    id="10.3",
    prompt="The counts raised to a power, 0 for what the customer bought, divided by their sum.",
    check_answer=check_probabilities,
    hints=(
        "Three steps in this order: raise, mask, divide.",
        "weights = counts.astype(float) ** power; weights[bought] = 0. What if nothing is left?",
        "total = weights.sum(); return weights / total if total > 0 else weights. For an empty "
        "list write weights[list(bought)], which NumPy takes as it is.",
    ),
    insight="Raise, mask, divide: masked after the division, the probabilities no longer sum to 1.",
)
