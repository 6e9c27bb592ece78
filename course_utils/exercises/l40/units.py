"""Task 40.3: weights that normalise the losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l40.shared import compare_arrays

Case = tuple[np.ndarray, np.ndarray]
Slip = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _drawn(seed: int, n: int, rates: list[float], factors: list[float]) -> Case:
    draw = np.random.default_rng(seed)
    return (draw.random((n, len(rates))) < rates).astype(float), np.array(factors)


CASES: list[Case] = [
    (np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.01])),
    _drawn(0, 20, [0.5, 0.1, 0.8], [3.0, 0.5, 0.001]),
    _drawn(1, 50, [0.3, 0.02], [1.0, 1.0]),
    (_drawn(2, 300, [0.9, 0.5], [1, 1])[0].astype(np.uint8), np.array([200, 3], np.uint8)),
    (np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0]]), np.array([2, 4, 1])),
]

EDGES: list[Case] = [
    (np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0]]), np.array([1.0, 1e-4, 50.0])),
    (np.array([[0.0], [0.0]]), np.array([0.1])),
    (np.array([[1.0, 0.0]]), np.array([1.0, 7.0])),
]


def rates_of(labels: np.ndarray, added: float = 1.0) -> np.ndarray:
    ones = np.asarray(labels, float).sum(axis=0)
    return np.asarray((ones + added) / (len(labels) + 2 * added))


def losses_of(labels: np.ndarray, p: np.ndarray) -> np.ndarray:
    y = np.asarray(labels, float)
    return np.asarray(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=0))


def by(cost: Callable[[np.ndarray], np.ndarray]) -> Slip:
    """1 over the factor times what ``cost`` gives for the labels."""
    return lambda labels, factors: 1 / (np.asarray(factors, float) * cost(labels))


def _cost(labels: np.ndarray) -> np.ndarray:
    return losses_of(labels, rates_of(labels))


right_units = by(_cost)


def _entropy(labels: np.ndarray) -> np.ndarray:
    p = rates_of(labels)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


def _to_k(labels: np.ndarray, factors: np.ndarray) -> np.ndarray:
    w = right_units(labels, factors)
    return w * len(w) / w.sum()


def _variance(labels: np.ndarray) -> np.ndarray:
    p = rates_of(labels)
    return p * (1 - p)


MISTAKES: dict[str, Slip] = {
    "the factors are left out; the constant's loss is multiplied by the factor, too": (
        lambda labels, factors: 1 / _cost(labels)
    ),
    "the weight is multiplied by the factor; divide by it": (
        lambda labels, factors: np.asarray(factors, float) / _cost(labels)
    ),
    "only the factor is undone; divide by the constant's loss, too": (
        lambda labels, factors: 1 / np.asarray(factors, float)
    ),
    "the plain rate is used; add one label of each kind": by(
        lambda labels: losses_of(labels, rates_of(labels, 0.0))
    ),
    "the entropy of the rate is taken; take the log loss of the labels": by(_entropy),
    "the losses are summed over the rows; take their mean": by(
        lambda labels: _cost(labels) * len(labels)
    ),
    "the weights are scaled to sum K; return 1 over the loss": _to_k,
    "1 over the variance of the labels is returned": by(_variance),
    "the loss is returned, not 1 over it": lambda labels, factors: 1 / right_units(labels, factors),
    "1 over the rate is returned: that is a weight for positives, not for a task": by(rates_of),
    "logarithms to base 2 are taken": by(lambda labels: _cost(labels) / np.log(2)),
    "all tasks together have one constant": by(
        lambda labels: losses_of(labels, np.full(labels.shape[1], rates_of(labels).mean()))
    ),
    "only the positive rows' loss is counted": by(
        lambda labels: (
            -np.maximum(np.asarray(labels, float).mean(0), 1e-9) * np.log(rates_of(labels))
        )
    ),
}


def check_units(answer: Any) -> None:
    arguments = ("labels", "factors")
    compare_arrays(answer, "normalising_weights", arguments, CASES, right_units, MISTAKES, EDGES)


TASK = Task(
    id="40.3",
    prompt="Return for each task 1 over the loss of its best constant, its factor included.",
    check_answer=check_units,
    hints=(
        "First compute p for each task: count one more label 1 and one more label 0. The factor "
        "comes last.",
        "The log loss of a constant p on labels y is the mean of -ln p over the ones and of "
        "-ln(1 - p) over the zeros, all rows together.",
        "p = (ones + 1) / (n + 2); share = ones / n; loss = -(share * ln p + (1 - share) * "
        "ln(1 - p)); return 1 / (factors * loss).",
    ),
    insight="The best constant now has the loss 1 in each task, whatever the factor is.",
)
