"""Task 52.3: the log loss of an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, must_raise, shown_by
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import same


def _rows(seed: int, n: int, k: int, column: bool = False) -> Case:
    draw = np.random.default_rng(seed)
    p = (1 + draw.multinomial(1000 - k, draw.dirichlet(np.ones(k), n))) / 1000  # short in a message
    y = draw.integers(0, k, n)
    return (y[:, None] if column else y), p


CASES: list[Case] = [
    (np.array([0, 1]), np.array([[0.5, 0.5], [0.2, 0.8]])),
    _rows(1, 5, 3),
    _rows(2, 4, 4, column=True),
    _rows(3, 6, 6),
    (np.array([2]), np.array([[0.25, 0.25, 0.5]])),
    (np.array([[1]]), np.array([[0.03, 0.97]])),
    (np.array([0, 0, 1], dtype=np.int8), np.array([[0.9, 0.1], [0.9, 0.1], [0.01, 0.99]])),
    ([1, 0], [[1e-9, 1 - 1e-9], [0.3, 0.7]]),
    ([0, 0], [[1e-9, 1 - 1e-9], [0.3, 0.7]]),
    (np.array([0, 1]), np.array([[1e-20, 0.5, 0.5], [0.2, 0.7, 0.1]])),
    # A rare class, and a small loss: six decimals would cut it.
    (np.array([0, 0]), np.array([[1 - 1e-6, 1e-6], [1 - 2.5e-7, 2.5e-7]])),
]
CERTAIN: Case = ([0, 1], [[1.0, 0.0], [0.3, 0.7]])
"""What did not happen has probability 0."""
LENGTHS: list[Case] = [
    (np.array([0, 1, 1]), np.array([[0.5, 0.5], [0.2, 0.8]])),
    (np.array([0]), np.array([[0.5, 0.5], [0.2, 0.8]])),
    (np.array([0, 1]), np.array([0.5, 0.8])),
    ([0], [0.5, 0.5]),  # not a table of one row
    (np.array([0, 0]), np.array([[[0.5], [0.5]], [[0.2], [0.8]]])),
]


def right_loss(y: Any, p: Any) -> float:
    labels, chances = np.asarray(y).ravel(), np.asarray(p, dtype=float)
    if chances.ndim != 2 or len(labels) != len(chances):
        raise ValueError("one label a row is needed")
    return float(-np.log(chances[np.arange(len(labels)), labels]).mean())


def _as(of: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., float]:
    def loss(y: Any, p: Any) -> float:
        with np.errstate(all="ignore"):
            return float(of(np.asarray(y).ravel(), np.asarray(p, dtype=float)))

    return loss


def _chosen(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.asarray(p[np.arange(len(y)), y])


all_pairs = _as(lambda y, p: -np.log(p[:, y]).mean())
accuracy = _as(lambda y, p: (p.argmax(axis=1) == y).mean())
error_rate = _as(lambda y, p: (p.argmax(axis=1) != y).mean())
squared_codes = _as(lambda y, p: ((p.argmax(axis=1) - y) ** 2).mean())
squared_mean_code = _as(lambda y, p: ((p @ np.arange(p.shape[1]) - y) ** 2).mean())
summed = _as(lambda y, p: -np.log(_chosen(y, p)).sum())
no_sign = _as(lambda y, p: np.log(_chosen(y, p)).mean())
base_two = _as(lambda y, p: -np.log2(_chosen(y, p)).mean())
brier = _as(lambda y, p: ((p - np.eye(p.shape[1])[y]) ** 2).sum(axis=1).mean())
log_of_mean = _as(lambda y, p: -np.log(_chosen(y, p).mean()))
best_class = _as(lambda y, p: -np.log(p.max(axis=1)).mean())
over_all = _as(lambda y, p: -np.log(_chosen(y, p)).mean() / p.shape[1])
binary = _as(
    lambda y, p: (
        -(np.eye(p.shape[1])[y] * np.log(p) + (1 - np.eye(p.shape[1])[y]) * np.log(1 - p)).mean()
    )
)


def column_kept(y: Any, p: Any) -> float:
    """Labels of shape (n, 1) index with broadcasting."""
    labels, chances = np.asarray(y), np.asarray(p, dtype=float)
    return float(-np.log(chances[np.arange(len(labels)), labels]).mean())


def one_hot(y: Any, p: Any) -> float:
    """The logarithm of every probability, times 0 where it did not happen."""
    right_loss(y, p)
    return _as(lambda y, p: -(np.eye(p.shape[1])[y] * np.log(p)).sum(axis=1).mean())(y, p)


def raised_by(small: float) -> Callable[..., float]:
    return _as(lambda y, p: -np.log(_chosen(y, p) + small).mean())


def clipped(edge: float) -> Callable[..., float]:
    return _as(lambda y, p: -np.log(np.clip(_chosen(y, p), edge, 1 - edge)).mean())


MISTAKES = {
    "every label is held against every row, `p[:, y]` is of shape (n, n): take one number a "
    "row": all_pairs,
    "labels of shape (n, 1) are taken as they are: `p[np.arange(n), y]` is then of shape (n, n); "
    "ravel them": column_kept,
    "it is the accuracy: a model that never says *purchase* looks good by it": accuracy,
    "it is the share of errors: probabilities do not count in it": error_rate,
    "it is the squared difference of codes: renaming the actions changes it": squared_codes,
    "codes are averaged and squared: between *click* and *cart* there is no number": (
        squared_mean_code
    ),
    "the rows are summed; take the mean": summed,
    "the sign is missing": no_sign,
    "the logarithm is to the base 2; take the natural one": base_two,
    "it is the Brier score: the squared differences of the probabilities": brier,
    "the logarithm is taken of the mean; take the mean of logarithms": log_of_mean,
    "the probability of the likeliest action counts; take that of what happened": best_class,
    "the logarithms are averaged over all classes; only the class that happened counts": over_all,
    "it is the binary loss over all classes; only the class that happened counts": binary,
    "the probabilities are clipped at 2.2e-16; do not clip them": clipped(2.2e-16),
    **{
        f"the probabilities are clipped at {edge:g}; do not clip them": clipped(edge)
        for edge in (1e-15, 1e-12, 1e-8, 1e-7, 1e-5)
    },
    **{
        f"{small:g} is added to the probabilities; add nothing": raised_by(small)
        for small in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
    },
}
OF_ARTICLE = {
    "`p[:, y]` is of shape (n, n)": "E76",
    "labels of shape (n, 1) are taken as they are": "E76",
    "it is the accuracy": "E68",
    "it is the squared difference of codes": "E67",
    "codes are averaged and squared": "E67",
}

_shown = shown_by("log_loss_of")


def check_loss(answer: Any) -> None:
    compare_named(
        answer,
        CASES,
        right_loss,
        lambda got, case: as_number(got, f"{_shown(case)}: the result"),
        _shown,
        MISTAKES,
        OF_ARTICLE,
    )
    got = as_number(_of_certain(answer), f"{_shown(CERTAIN)}: the result")
    if not same(got, right_loss(*CERTAIN)):
        reject(f"{_shown(CERTAIN)} must be {right_loss(*CERTAIN):.4f}, got {got:.4f}.")
    for case in LENGTHS:
        must_raise(
            answer,
            case,
            _shown(case),
            "one row of probabilities is needed for each label; broadcasting would hide it",
            "E76",
        )


def _of_certain(answer: Any) -> Any:
    got = answer(*CERTAIN)
    if isinstance(got, (float, np.floating)) and np.isnan(got):
        reject(
            f"{_shown(CERTAIN)}: the result is nan, since 0 times ln 0 is nan. Take the "
            "probability of what happened, then its logarithm."
        )
    return got


TASK = Task(
    id="52.3",
    prompt="Return the mean of -ln(probability of the action that happened).",
    check_answer=check_loss,
    hints=(
        "Of each row one number counts: the probability of the action that happened.",
        "p[np.arange(len(y)), y] takes one number a row; y may come as a column: ravel it first. "
        "p[:, y] takes n x n.",
        "y = np.asarray(y).ravel(); if p.ndim != 2 or len(y) != len(p): raise ValueError(...); "
        "return -np.log(p[np.arange(len(y)), y]).mean()",
    ),
    insight="Ask for the shape before you subtract: (n,) and (n, 1) make (n, n) without a word.",
    errata={
        "E67": "one number and the squared error for an action, which has no order",
        "E68": "no metric, and the obvious one, accuracy, hides the rare action",
        "E76": "no metric; one by hand takes labels (n,) and predictions (n, 1) to (n, n)",
    },
)
