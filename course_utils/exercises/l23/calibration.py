"""Task 23.5: the calibration error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


def _random(seed: int, n: int, bins: int, low: float = 0.0) -> tuple[Any, ...]:
    draw = np.random.default_rng(seed)
    p = np.round(low + (1 - low) * draw.random(n) ** 2, 4)
    p = np.unique(p)
    draw.shuffle(p)
    return (draw.random(len(p)) < 0.7 * p).astype(float), p, bins


_CASES: list[tuple[Any, ...]] = [
    (np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.1, 0.9, 0.3, 0.2]), 2),
    (np.array([0.0, 1.0, 0.0, 0.0, 1.0]), np.array([0.4, 0.8, 0.05, 0.3, 0.6]), 2),
    _random(1, 30, 4),
    _random(2, 41, 3),
    (np.array([1.0]), np.array([0.97]), 1),
    _random(3, 25, 1),
    _random(4, 12, 12, 0.5),
    _random(5, 5, 4),
    _random(6, 7, 4),
    _random(7, 13, 13),
    (np.array([0.0, 1.0, 0.0, 1.0, 0.0]), np.array([0.1, 0.3, 0.5, 0.7, 0.9]), 4),
]


def bins_of(p: Any, bins: int) -> list[np.ndarray]:
    return np.array_split(np.argsort(p), bins)


def right_error(y: Any, p: Any, bins: int) -> float:
    parts = bins_of(p, bins)
    return float(sum(len(part) * abs(p[part].mean() - y[part].mean()) for part in parts) / len(p))


def _over(each: Callable[..., float], parts: Callable[..., Any] = bins_of) -> Callable[..., float]:
    """A weighted mean over bins."""

    def error(y: Any, p: Any, bins: int) -> float:
        found = [part for part in parts(p, bins) if len(part)]
        return float(sum(len(part) * each(y[part], p[part]) for part in found) / len(p))

    return error


def gap(y: Any, p: Any) -> float:
    return float(abs(p.mean() - y.mean()))


def equal_width(p: Any, bins: int) -> list[np.ndarray]:
    of = np.minimum((p * bins).astype(int), bins - 1)
    return [np.flatnonzero(of == one) for one in range(bins)]


def in_the_order_given(p: Any, bins: int) -> list[np.ndarray]:
    return np.array_split(np.arange(len(p)), bins)


def steps(p: Any, bins: int) -> list[np.ndarray]:
    size = -(-len(p) // bins)
    return [np.argsort(p)[k : k + size] for k in range(0, len(p), size)]


def unweighted(y: Any, p: Any, bins: int) -> float:
    return float(np.mean([gap(y[part], p[part]) for part in bins_of(p, bins)]))


def largest(y: Any, p: Any, bins: int) -> float:
    return max(gap(y[part], p[part]) for part in bins_of(p, bins))


def confidence(y: Any, p: Any, bins: int) -> float:
    sure, right = np.maximum(p, 1 - p), ((p >= 0.5) == (y == 1)).astype(float)
    return right_error(right, sure, bins)


MISTAKES: dict[str, Callable[..., float]] = {
    "the bins have equal width, not equal numbers of rows": _over(gap, equal_width),
    "the rows are not sorted by p before they are cut": _over(gap, in_the_order_given),
    "every part but the last has ceil(n / bins) rows; the first parts have one row more, as "
    "np.array_split cuts": _over(gap, steps),
    "every bin counts the same, whatever its number of rows": unweighted,
    "the largest gap is returned, not the mean": largest,
    "the gaps are squared": _over(lambda y, p: gap(y, p) ** 2),
    "gaps of both signs cancel: take the absolute value in each bin": (
        _over(lambda y, p: float(p.mean() - y.mean()))
    ),
    "the gap is taken row by row: take it between the two means of each part": (
        _over(lambda y, p: float(np.abs(p - y).mean()))
    ),
    "p is replaced by max(p, 1 - p), and y by whether the guess is right: that is the error of a "
    "classifier's confidence": confidence,
}


def check_error(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_error,
        lambda value, case: as_number(value, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Any) -> str:
    return with_lines(y=case[0], p=case[1], bins=case[2]) + "the result of calibration_error"


TASK = Task(
    id="23.5",
    prompt="Return the mean gap between mean prediction and share of ones, over parts of equal "
    "size.",
    check_answer=check_error,
    hints=(
        "Sort the rows by p, cut them into bins, compare two means in each.",
        "np.array_split(np.argsort(p), bins) gives the rows of each bin.",
        "sum(len(part) * abs(p[part].mean() - y[part].mean()) for part in parts) / len(p).",
    ),
    insight="With bins of equal width nearly all rows of a rare event fall into the first bin.",
)
