"""Task 32.5: the loss of a student with several classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import log_softmax

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


def _draw(seed: int, n: int, c: int, a: float, t: float) -> Case:
    draw = np.random.default_rng(seed)
    z, z_t = (2 * draw.normal(size=(n, c)).round(2) for _ in range(2))
    return draw.integers(0, c, n), z, z_t, a, t


_CASES: list[Case] = [
    (np.array([0]), np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]]), 0.5, 1.0),
    (np.array([2]), np.array([[1.0, 0.0, -1.0]]), np.array([[1.0, 0.0, -1.0]]), 1.0, 2.0),
    _draw(1, 4, 5, 0.7, 3.0),
    _draw(2, 6, 3, 0.0, 4.0),
    _draw(3, 3, 4, 1.0, 1.5),
    # Softmax in its plain form overflows here; the difference to the greatest does not.
    (np.array([1], np.int8), np.array([[900.0, 899.0, 0.0]]), np.array([[901.0, 899.5, 0.0]]),
     0.5, 1.0),
    # The student is sure and wrong: its probability is 0 for a float, its logarithm is not.
    (np.array([0]), np.array([[1000.0, 0.0]]), np.array([[0.0, 0.0]]), 0.5, 1.0),
    (np.array([1]), np.array([[1000.0, 0.0]]), np.array([[0.0, 0.0]]), 0.0, 1.0),
    (np.array([0, 0]), np.array([[1000.0, 999.0], [0.0, 1.0]]),
     np.array([[1000.0, 998.0], [1.0, 0.0]]), 0.5, 1.0),
    _draw(4, 2, 6, 0.4, 0.5),
]  # fmt: skip


def _hard(y: Any, z: Any, t: float = 1.0) -> Any:
    return -log_softmax(z / t, axis=1)[np.arange(len(y)), y]


def _kl(z: Any, z_t: Any, t: float) -> Any:
    said, taught = log_softmax(z / t, axis=1), log_softmax(z_t / t, axis=1)
    return (np.exp(taught) * (taught - said)).sum(1)


def _cross(z: Any, z_t: Any, t: float) -> Any:
    return -(np.exp(log_softmax(z_t / t, axis=1)) * log_softmax(z / t, axis=1)).sum(1)


def _loss(labels: Callable[..., Any], teacher: Callable[..., Any]) -> Callable[..., Any]:
    def run(y: Any, z: Any, z_t: Any, a: float, t: float) -> float:
        return float(np.mean((1 - a) * labels(y, z, t) + a * teacher(z, z_t, t)))

    return run


def _plain(y: Any, z: Any, t: float) -> Any:
    return _hard(y, z)


def _all_at_once(z: Any, z_t: Any, t: float) -> Any:
    said, taught = log_softmax(z / t), log_softmax(z_t / t)
    return t**2 * (np.exp(taught) * (taught - said)).sum(1)


def _down(z: Any, z_t: Any, t: float) -> Any:
    said, taught = log_softmax(z / t, axis=0), log_softmax(z_t / t, axis=0)
    return t**2 * (np.exp(taught) * (taught - said)).sum(1)


def _cut(z: Any) -> Any:
    return np.log(np.clip(np.exp(log_softmax(z, axis=1)), 1e-12, 1))


def _cut_off(z: Any, z_t: Any, t: float) -> Any:
    said, taught = _cut(z / t), _cut(z_t / t)
    return t**2 * (np.exp(log_softmax(z_t / t, axis=1)) * (taught - said)).sum(1)


right_classes = _loss(_plain, lambda z, z_t, t: t**2 * _kl(z, z_t, t))

MISTAKES: dict[str, Callable[..., Any]] = {
    "the factor T squared is left out: at a large T the teacher's pull vanishes": _loss(
        _plain, _kl
    ),
    "the factor is T, not T squared": _loss(_plain, lambda z, z_t, t: t * _kl(z, z_t, t)),
    "the labels' half has the temperature, too; it has none": _loss(
        _hard, lambda z, z_t, t: t**2 * _kl(z, z_t, t)
    ),
    "student and teacher are exchanged in the divergence": _loss(
        _plain, lambda z, z_t, t: t**2 * _kl(z_t, z, t)
    ),
    "the cross-entropy stands in the place of the divergence: subtract the teacher's own": _loss(
        _plain, lambda z, z_t, t: t**2 * _cross(z, z_t, t)
    ),
    "the logits are multiplied by T; they are divided": _loss(
        _plain, lambda z, z_t, t: t**2 * _kl(z, z_t, 1 / t)
    ),
    "only the teacher's logits are divided by T": _loss(
        _plain, lambda z, z_t, t: t**2 * _kl(z, z_t / t, 1.0)
    ),
    "log_softmax is taken over all numbers at once, as it is without axis; each row has its own, "
    "axis=1": _loss(lambda y, z, t: -log_softmax(z)[np.arange(len(y)), y], _all_at_once),
    "the labels' half has no axis: log_softmax is taken over all numbers at once; give it "
    "axis=1": _loss(
        lambda y, z, t: -log_softmax(z)[np.arange(len(y)), y],
        lambda z, z_t, t: t**2 * _kl(z, z_t, t),
    ),
    "the teacher's half has no axis: log_softmax is taken over all numbers at once; give it "
    "axis=1": _loss(_plain, _all_at_once),
    "the softmax is taken over the rows; each row has its own, axis=1": _loss(
        lambda y, z, t: -log_softmax(z, axis=0)[np.arange(len(y)), y], _down
    ),
    "a probability is cut off: log p comes from log_softmax, not from p": _loss(
        lambda y, z, t: -_cut(z)[np.arange(len(y)), y], _cut_off
    ),
    "a is the weight of the labels; it is the teacher's": lambda y, z, z_t, a, t: right_classes(
        y, z, z_t, 1 - a, t
    ),
    "the sum over the rows is returned, not their mean": lambda y, z, z_t, a, t: (
        len(y) * right_classes(y, z, z_t, a, t)
    ),
    "the divergence is a mean over the classes; it is a sum": _loss(
        _plain, lambda z, z_t, t: t**2 * _kl(z, z_t, t) / z.shape[1]
    ),
    "each class is a yes or no of its own, by a sigmoid; classes exclude each other": _loss(
        _plain, lambda z, z_t, t: t**2 * _sigmoids(z / t, z_t / t)
    ),
}


def _sigmoids(z: Any, z_t: Any) -> Any:
    q = 1 / (1 + np.exp(-z_t))
    gap = np.logaddexp(0, z) - q * z - (np.logaddexp(0, z_t) - q * z_t)
    return gap.sum(1)


def check_classes(answer: Any) -> None:
    compare(
        leaving(answer, ("y", "z", "z_t", "a", "T"), _told),
        _CASES,
        right_classes,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("class_loss", case)


TASK = Task(
    id="32.5",
    prompt="Return the mean loss of a student that learns classes from labels and a teacher.",
    check_answer=check_classes,
    hints=(
        "Write the logarithm of a softmax once: subtract the greatest of the row, then the "
        "logarithm of the sum of exponentials. SciPy's log_softmax does it.",
        "labels: -log_softmax(z, axis=1)[row, y]. teacher: sum over classes of q (log q - log p), "
        "both at temperature T, times T squared.",
        "p, q = log_softmax(z / T, axis=1), log_softmax(z_t / T, axis=1); "
        "kl = (np.exp(q) * (q - p)).sum(1); "
        "hard = -log_softmax(z, axis=1)[np.arange(len(y)), y]; "
        "return np.mean((1 - a) * hard + a * T**2 * kl).",
    ),
    insight="The slope of the teacher's part is T (p - q): that is why T squared stands there.",
)
