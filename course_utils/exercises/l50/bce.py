"""50.3: the loss of independent labels and its gradient, from log-odds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, log_softmax, softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_array, as_number, pair_of

_DRAW = np.random.default_rng(507)
Numbers = np.ndarray

CASES: list[Case] = [
    (np.array([[1, 0]]), np.array([[0.0, 0.0]])),
    (np.array([[1, 0, 1], [0, 0, 0]]), np.array([[2.0, -1.0, 0.5], [-3.0, 1.5, 0.2]])),
    (np.array([[1], [0], [1]]), np.array([[4.0], [3.0], [-2.0]])),
    ((_DRAW.random((4, 3)) < 0.4).astype(np.int8), _DRAW.normal(size=(4, 3)).round(2)),
    (np.array([[1], [0]], np.uint8), np.array([[0.3], [-0.2]])),
    (np.array([[1, 1, 1, 0]]), np.array([[5.0, 4.0, 6.0, -5.0]])),
    (np.array([[0]]), np.array([[-4.0]])),
]
LARGE: list[Case] = [
    (np.array([[1, 0]]), np.array([[1000.0, -1000.0]])),
    (np.array([[0, 1]]), np.array([[1000.0, -1000.0]])),
    (np.array([[0, 1]]), np.array([[40.0, -40.0]])),
]


def each_cell(y: Numbers, z: Numbers) -> Numbers:
    return np.asarray(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def bce(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return float(each_cell(y, z).mean()), (expit(z) - y) / y.size


def summed(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return float(each_cell(y, z).sum()), expit(z) - y


def by_row(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return float(each_cell(y, z).sum(axis=1).mean()), (expit(z) - y) / len(y)


def gradient_of_sum(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return bce(y, z)[0], expit(z) - y


def gradient_by_rows(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return bce(y, z)[0], (expit(z) - y) / len(y)


def turned(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return bce(y, z)[0], (y - expit(z)) / y.size


def to_the_probability(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    p = expit(z)
    return bce(y, z)[0], (p - y) / (p * (1 - p)) / y.size


def with_slope(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    p = expit(z)
    return bce(y, z)[0], (p - y) * p * (1 - p) / y.size


def shared_unit(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    """A softmax head with cross-entropy, over the cells or over the rows."""
    loss = -(y * log_softmax(z, axis=1)).sum() / y.size
    return float(loss), (softmax(z, axis=1) * y.sum(axis=1, keepdims=True) - y) / y.size


def shared_unit_by_row(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    loss, gradient = shared_unit(y, z)
    return loss * y.shape[1], gradient * y.shape[1]


def residual(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    """A softmax head's loss with the gradient of a row that has one true label."""
    return shared_unit(y, z)[0], (softmax(z, axis=1) - y) / y.size


def residual_by_row(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    loss, gradient = residual(y, z)
    return loss * y.shape[1], gradient * y.shape[1]


def shared_gradient(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return bce(y, z)[0], residual(y, z)[1]


def true_only(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    return float((each_cell(y, z) * y).mean()), (expit(z) - y) * y / y.size


def as_probabilities(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    p = np.clip(z, 1e-7, 1 - 1e-7)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()), (p - y) / y.size


def squared(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    p = expit(z)
    return float(((p - y) ** 2).mean()), 2 * (p - y) * p * (1 - p) / y.size


SOFTMAX = "a softmax shares one unit among the labels of a row: each label has its own sigmoid"


def wraps_round(y: Numbers, z: Numbers) -> tuple[float, Numbers]:
    """-y of an unsigned 1 is 255."""
    p = expit(z)
    return float((-y * np.log(p) - (1 - y) * np.log(1 - p)).mean()), bce(y, z)[1]


MISTAKES: dict[str, Callable[..., tuple[float, Numbers]]] = {
    SOFTMAX: shared_unit,
    f"{SOFTMAX} (and the mean goes over rows)": shared_unit_by_row,
    f"{SOFTMAX} (and its gradient knows one true label a row)": residual,
    f"{SOFTMAX} (its gradient knows one true label, and the mean goes over rows)": residual_by_row,
    f"{SOFTMAX} (here in the gradient alone)": shared_gradient,
    "the cells are summed: the loss is their mean": summed,
    "each row is summed, then the rows averaged: the loss is the mean of all cells": by_row,
    "the gradient is that of the sum of the cells, the loss their mean": gradient_of_sum,
    "the gradient is divided by the rows: the mean goes over all cells": gradient_by_rows,
    "the gradient has the wrong sign": turned,
    "the gradient is that of the probability: with respect to z it is simpler": to_the_probability,
    "the slope of the sigmoid is multiplied in once more: in the log loss it cancels": with_slope,
    "only labels that are 1 count: the zeros teach too": true_only,
    "z is taken for a probability: it is a log-odds": as_probabilities,
    "-y is taken of whole numbers without a sign, where -1 is 255": wraps_round,
    "the squared error of the probabilities is returned": squared,
}


def _read(value: Any, case: Case) -> tuple[float, Numbers]:
    call = call_of("bce", case)
    loss, gradient = pair_of(value, call, "a pair (loss, gradient)")
    shape = case[1].shape
    found = as_array(gradient, f"{call}: the gradient")
    if found.shape != shape:
        reject(f"{call}: the gradient must have the shape of z, {shape}, got {found.shape}.")
    return as_number(loss, f"{call}: the loss"), found


def _read_large(value: Any, case: Case) -> tuple[float, Numbers]:
    call = call_of("bce", case)
    loss, gradient = pair_of(value, call, "a pair (loss, gradient)")
    for name, part in (("loss", loss), ("gradient", gradient)):
        if not np.isfinite(np.asarray(part, dtype=float)).all():
            reject(
                f"{call}: the {name} holds nan or infinity. exp(1000) overflows, and log(0) has "
                "no value: write the loss of a cell with exp(-|z|)."
            )
    return _read(value, case)


def check_bce(answer: Any) -> None:
    compare_named("bce", answer, CASES, bce, _read, MISTAKES, {SOFTMAX: "E44"})
    compare(answer, LARGE, bce, _read_large, lambda case: call_of("bce", case), {})


TASK = Task(
    id="50.3",
    prompt="Return the mean binary cross-entropy of log-odds, and its gradient.",
    check_answer=check_bce,
    hints=(
        "Per cell: y = 1 costs log(1 + exp(-z)), y = 0 costs log(1 + exp(z)). How do you write "
        "both without a large exponent?",
        "max(z, 0) - z y + log(1 + exp(-|z|)) is the same, and never overflows. The gradient of a "
        "cell is sigma(z) - y.",
        "cell = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))); return cell.mean(), "
        "(expit(z) - y) / y.size.",
    ),
    insight="The gradient is the residual, probability minus label, and each label has its own.",
    errata=ERRATA,
)
