"""Task 40.3: weights that normalise the losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l40.shared import compare_arrays

Case = tuple[np.ndarray]
Slip = Callable[[np.ndarray], np.ndarray]


def _drawn(seed: int, n: int, rates: list[float]) -> Case:
    draw = np.random.default_rng(seed)
    return ((draw.random((n, len(rates))) < rates).astype(float),)


CASES: list[Case] = [
    (np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),),
    _drawn(0, 20, [0.5, 0.1, 0.8]),
    _drawn(1, 50, [0.3, 0.02]),
    (_drawn(2, 300, [0.9, 0.5])[0].astype(np.uint8),),
    (np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0]]),),
]

EDGES: list[Case] = [
    (np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0]]),),
    (np.array([[0.0], [0.0]]),),
    (np.array([[1.0, 0.0]]),),
]


def rates_of(labels: np.ndarray, added: float = 1.0) -> np.ndarray:
    ones = np.asarray(labels, float).sum(axis=0)
    return np.asarray((ones + added) / (len(labels) + 2 * added))


def losses_of(labels: np.ndarray, p: np.ndarray) -> np.ndarray:
    y = np.asarray(labels, float)
    return np.asarray(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=0))


def right_units(labels: np.ndarray) -> np.ndarray:
    return 1 / losses_of(labels, rates_of(labels))


def _entropy(labels: np.ndarray) -> np.ndarray:
    p = rates_of(labels)
    return -1 / (p * np.log(p) + (1 - p) * np.log(1 - p))


def _summed(labels: np.ndarray) -> np.ndarray:
    return right_units(labels) / len(labels)


def _to_k(labels: np.ndarray) -> np.ndarray:
    w = right_units(labels)
    return w * len(w) / w.sum()


def _plain_rate(labels: np.ndarray) -> np.ndarray:
    return 1 / losses_of(labels, rates_of(labels, 0.0))


def _variance(labels: np.ndarray) -> np.ndarray:
    p = rates_of(labels)
    return 1 / (p * (1 - p))


MISTAKES: dict[str, Slip] = {
    "the plain rate is used; add one label of each kind": _plain_rate,
    "the entropy of the rate is taken; take the log loss of the labels": _entropy,
    "the losses are summed over the rows; take their mean": _summed,
    "the weights are scaled to sum K; return 1 over the loss": _to_k,
    "1 over the variance of the labels is returned": _variance,
    "the loss is returned, not 1 over it": lambda labels: 1 / right_units(labels),
    "1 over the rate is returned: that is a weight for positives, not for a task": lambda labels: (
        1 / rates_of(labels)
    ),
    "logarithms to base 2 are taken": lambda labels: right_units(labels) * np.log(2),
    "all tasks together have one constant": lambda labels: (
        1 / losses_of(labels, np.full(labels.shape[1], rates_of(labels).mean()))
    ),
    "only the positive rows' loss is counted": lambda labels: (
        -1 / (np.maximum(np.asarray(labels, float).mean(0), 1e-9) * np.log(rates_of(labels)))
    ),
}


def check_units(answer: Any) -> None:
    compare_arrays(answer, "normalising_weights", ("labels",), CASES, right_units, MISTAKES, EDGES)


TASK = Task(
    id="40.3",
    prompt="Return for each task 1 over the mean log loss of its best constant.",
    check_answer=check_units,
    hints=(
        "One number a task first: the rate, with one label of each kind added.",
        "The log loss of a constant p on labels y is the mean of -ln p over the ones and of "
        "-ln(1 - p) over the zeros, all rows together.",
        "p = (ones + 1) / (n + 2); share = ones / n; loss = -(share * ln p + (1 - share) * "
        "ln(1 - p)); return 1 / loss.",
    ),
    insight="After that every task costs 1 at the start, on whatever scale its loss was reported.",
)
