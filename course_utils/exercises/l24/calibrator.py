"""Task 24.6: AITM's calibrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


def _steps(seed: int, n: int, steps: int) -> Case:
    return (np.random.default_rng(seed).random((n, steps)).round(2),)


CASES: list[Case] = [
    (np.array([[0.5, 0.2, 0.3], [0.4, 0.6, 0.1]]),),
    _steps(1, 4, 4),
    _steps(2, 1, 3),
    _steps(3, 5, 2),
    (np.array([[0.9, 0.5, 0.2], [0.3, 0.3, 0.1]]),),
    (np.array([[0.4], [0.7]]),),
    (np.array([[0.2, 0.9, 0.1, 0.8]]),),
    (np.array([[0.5, 0.5 + 1e-6], [0.25, 0.25]]),),
    (np.array([[0.1, 0.3], [0.1, 0.3], [0.5, 0.2]]),),  # a row twice
    # A small excess: rounded to eight decimals it is another one.
    (np.array([[0.5, 0.5 + 1.53e-7]]),),
]


def by(
    of: Callable[[np.ndarray], Any], mean: Callable[[np.ndarray], Any] = np.mean
) -> Callable[[np.ndarray], float]:
    """From each row's differences ``p_t - p_t-1`` to a penalty of the row, to one number."""

    def penalty(p: np.ndarray) -> float:
        return float(mean(np.asarray(of(np.diff(p, axis=1)))))

    return penalty


right_penalty = by(lambda d: np.maximum(d, 0.0).sum(axis=1))
reversed_sign = by(lambda d: np.maximum(-d, 0.0).sum(axis=1))
absolute = by(lambda d: np.abs(d).sum(axis=1))
squared = by(lambda d: (np.maximum(d, 0.0) ** 2).sum(axis=1))
counted = by(lambda d: (d > 0).sum(axis=1).astype(float))
netted = by(lambda d: np.maximum(d.sum(axis=1), 0.0))
no_maximum = by(lambda d: d.sum(axis=1))
worst = by(lambda d: np.maximum(d, 0.0).max(axis=1, initial=0.0))
summed = by(lambda d: np.maximum(d, 0.0).sum(axis=1), mean=np.sum)


def over_pairs(p: np.ndarray) -> float:
    d = np.maximum(np.diff(p, axis=1), 0.0)
    return float(d.mean()) if d.size else 0.0


def over_steps(p: np.ndarray) -> float:
    return right_penalty(p) / p.shape[1]


def from_first(p: np.ndarray) -> float:
    return float(np.maximum(p[:, 1:] - p[:, :1], 0.0).sum(axis=1).mean())


def with_first(p: np.ndarray) -> float:
    return float(np.maximum(np.diff(p, axis=1, prepend=0.0), 0.0).sum(axis=1).mean())


def of_means(p: np.ndarray) -> float:
    return float(np.maximum(np.diff(p.mean(axis=0)), 0.0).sum())


def of_distinct(p: np.ndarray) -> float:
    return right_penalty(np.unique(p, axis=0))


def in_32_bits(p: np.ndarray) -> float:
    return right_penalty(p.astype(np.float32))


MISTAKES: dict[str, Callable[[np.ndarray], float]] = {
    "the sign is reversed: a step that is *likelier* than the step before costs": reversed_sign,
    "a step that is rarer than the step before costs, too": absolute,
    "the excess is squared": squared,
    "the rises are counted; the size of each rise costs": counted,
    "the differences of a row are added up before the maximum: only its ends count": netted,
    "there is no max(., 0): rises and falls cancel": no_maximum,
    "only the largest rise of a row costs; add them all up": worst,
    "the rows are added up; take the mean over rows": summed,
    "the mean is over rows and pairs of steps; add up the pairs of a row": over_pairs,
    "the sum over steps is divided by the number of steps": over_steps,
    "each step is held against the first step, not against the step before": from_first,
    "the first step is held against 0": with_first,
    "equal rows are counted once; take the mean over all rows": of_distinct,
    "y is cut to 32 bits before the differences; leave y as given": in_32_bits,
    "the rows are averaged before the maximum: rows that break the order are hidden": of_means,
}


def check_calibrator(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_penalty,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("calibrator", case)


TASK = Task(
    id="24.6",
    prompt="Return the mean over rows of how far steps are likelier than the step before.",
    check_answer=check_calibrator,
    hints=(
        "np.diff(y, axis=1) holds y_t - y_t-1 of each row.",
        "Only what is above 0 costs. Add up within a row, then take the mean over rows.",
        "np.maximum(np.diff(y, axis=1), 0).sum(axis=1).mean()",
    ),
    insight="The calibrator bounds probabilities. It says nothing of the order of the rows.",
)
