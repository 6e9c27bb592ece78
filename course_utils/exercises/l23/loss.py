"""Task 23.1: the loss of a student."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, xlogy

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_CASES: list[tuple[Any, ...]] = [
    (np.array([1.0, 0.0]), np.array([0.0, -1.0]), np.array([2.0, -2.0]), 0.5, 2.0),
    (np.array([0.0, 1.0, 0.0]), np.array([-3.0, 0.5, 1.5]), np.array([-4.0, 1.0, 0.2]), 0.3, 4.0),
    (np.array([1.0, 1.0]), np.array([0.4, -2.0]), np.array([3.0, -1.0]), 1.0, 3.0),
    (np.array([1.0, 0.0, 0.0]), np.array([0.4, -2.0, 1.0]), np.array([3.0, -1.0, 0.5]), 0.8, 1.0),
    (np.array([0.0, 1.0]), np.array([-1.0, 2.0]), np.array([5.0, -5.0]), 0.0, 2.0),
    (np.array([1.0]), np.array([3.5]), np.array([4.0]), 0.9, 1.5),
    (np.array([1.0, 0.0]), np.array([1.0, -0.5]), np.array([-0.5, -1.5]), 0.6, 0.8),
    (np.array([0.0, 0.0]), np.array([-6.0, -4.0]), np.array([-7.0, -4.5]), 0.5, 2.5),
    (np.array([0.0, 1.0]), np.array([-8.0, 8.0]), np.array([8.0, 6.0]), 0.5, 2.0),
]


def entropy_of(q: Any, p: Any) -> np.ndarray:
    """The cross-entropy -q ln p - (1 - q) ln(1 - p)."""
    return -xlogy(q, p) - xlogy(1 - q, 1 - p)


def divergence(q: Any, p: Any) -> np.ndarray:
    """KL(q || p) of two labels."""
    return entropy_of(q, p) - entropy_of(q, q)


def right_loss(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
    soft = divergence(expit(z_t / T), expit(z / T))
    return float(np.mean((1 - a) * entropy_of(y, expit(z)) + a * T**2 * soft))


def _parts(hard: Callable[..., Any], soft: Callable[..., Any]) -> Callable[..., float]:
    """From the half of the labels and that of the teacher; both get y, z, z_t, T."""

    def loss(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
        return float(np.mean((1 - a) * hard(y, z, z_t, T) + a * soft(y, z, z_t, T)))

    return loss


def _hard(y: Any, z: Any, z_t: Any, T: float) -> np.ndarray:
    return entropy_of(y, expit(z))


def _soft(y: Any, z: Any, z_t: Any, T: float) -> np.ndarray:
    return T**2 * divergence(expit(z_t / T), expit(z / T))


def swapped(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
    return right_loss(y, z, z_t, 1 - a, T)


def summed(y: Any, z: Any, z_t: Any, a: float, T: float) -> float:
    return len(y) * right_loss(y, z, z_t, a, T)


MISTAKES: dict[str, Callable[..., float]] = {
    "T squared is missing: with a high temperature the teacher hardly counts": _parts(
        _hard, lambda y, z, z_t, T: divergence(expit(z_t / T), expit(z / T))
    ),
    "the teacher's part is multiplied by T, not by T squared": _parts(
        _hard, lambda y, z, z_t, T: T * divergence(expit(z_t / T), expit(z / T))
    ),
    "KL is the wrong way round: the teacher's probability comes first": _parts(
        _hard, lambda y, z, z_t, T: T**2 * divergence(expit(z / T), expit(z_t / T))
    ),
    "a and 1 - a are exchanged: a is the weight of the teacher": swapped,
    "the teacher's own entropy is not subtracted: this is a cross-entropy, not KL": _parts(
        _hard, lambda y, z, z_t, T: T**2 * entropy_of(expit(z_t / T), expit(z / T))
    ),
    "the labels' part has the temperature too; that part has T = 1": _parts(
        lambda y, z, z_t, T: entropy_of(y, expit(z / T)), _soft
    ),
    "only the teacher's logit is divided by T, not the student's": _parts(
        _hard, lambda y, z, z_t, T: T**2 * divergence(expit(z_t / T), expit(z))
    ),
    "only the student's logit is divided by T, not the teacher's": _parts(
        _hard, lambda y, z, z_t, T: T**2 * divergence(expit(z_t), expit(z / T))
    ),
    "probabilities are divided by T, not logits": _parts(
        _hard, lambda y, z, z_t, T: T**2 * divergence(expit(z_t) / T, expit(z) / T)
    ),
    "the squared difference of the probabilities is taken, not KL": _parts(
        _hard, lambda y, z, z_t, T: T**2 * (expit(z_t / T) - expit(z / T)) ** 2
    ),
    "in KL only the term of label 1 is there; the term of label 0 is missing": _parts(
        _hard,
        lambda y, z, z_t, T: (
            T**2 * expit(z_t / T) * (np.log(expit(z_t / T)) - np.log(expit(z / T)))
        ),
    ),
    "the rows are summed, not averaged": summed,
}


def check_loss(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_loss,
        lambda value, case: as_number(value, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Any) -> str:
    y, z, z_t, a, T = case
    return with_lines(y=y, z=z, z_t=z_t, a=a, T=T) + "the result of student_loss"


TASK = Task(
    id="23.1",
    prompt="Return the student's loss: labels and teacher, weighted by a, at temperature T.",
    check_answer=check_loss,
    hints=(
        "You need three probabilities: the sigmoids of z, of z / T and of z_t / T. The labels' "
        "part has no T.",
        "KL(q || p) = q ln(q / p) + (1 - q) ln((1 - q) / (1 - p)), with the teacher as q.",
        "hard = -y ln p - (1 - y) ln(1 - p) with p = sigmoid(z); soft = T**2 * KL of "
        "sigmoid(z_t / T) and sigmoid(z / T); the mean of (1 - a) * hard + a * soft.",
    ),
    insight="With T squared the teacher's slope tends to (z - z_t) / 4. For rare events this slope "
    "grows with T, so tune a again when T changes.",
)
