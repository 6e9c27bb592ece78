"""50.5: from probabilities to labels, with thresholds of validation rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named, table_of
from course_utils.exercises.reading import has_parts
from course_utils.labels import best_thresholds

_DRAW = np.random.default_rng(504)


def _drawn(n_valid: int, n_new: int, labels: int) -> Case:
    p = (_DRAW.random((n_valid, labels)) ** 2).round(2)
    y = (_DRAW.random(p.shape) < p).astype(int)
    return y, p, (_DRAW.random((n_new, labels)) ** 2).round(2)


CASES: list[Case] = [
    (
        np.array([[1, 0], [0, 0], [1, 0]]),
        np.array([[0.3, 0.1], [0.1, 0.2], [0.2, 0.3]]),
        np.array([[0.25, 0.9], [0.2, 0.3], [0.19, 0.0]]),
    ),
    (np.array([[1], [0], [1]]), np.array([[0.9], [0.6], [0.3]]), np.array([[0.3], [0.6], [0.9]])),
    (
        np.array([[1], [0], [0], [1]]),
        np.array([[0.9], [0.6], [0.5], [0.2]]),
        np.array([[0.9], [0.3]]),
    ),
    (np.array([[0], [1]]), np.array([[0.4], [0.4]]), np.array([[0.4], [0.39]])),
    (
        np.array([[1, 1], [1, 0]], np.int8),
        np.array([[0.02, 0.9], [0.01, 0.8]]),
        np.array([[0.015, 0.85], [0.5, 0.95]]),
    ),
    (np.array([[0, 0]]), np.array([[0.7, 0.2]]), np.array([[1.0, 1.0], [0.7, 0.2]])),
    _drawn(12, 9, 3),
    _drawn(15, 6, 4),
    (np.array([[1], [0]]), np.array([[1.0], [0.0]]), np.array([[1.0], [0.999]])),
    (
        np.array([[1], [0], [0], [0], [1], [1], [0]]),
        np.array([[0.9], [0.8], [0.7], [0.65], [0.6], [0.5], [0.1]]),
        np.array([[0.95], [0.7], [0.5], [0.4]]),
    ),
    (
        np.array([[1], [0], [1]]),
        np.array([[0.9], [0.3], [0.3047]]),
        np.array([[0.3047], [0.304], [0.302], [0.31]]),
    ),
]


def decide(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    cuts = np.where(y_valid.any(axis=0), best_thresholds(y_valid, p_valid), np.inf)
    return (p_new >= cuts).astype(int)


def half(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (p_new >= 0.5).astype(int)


def half_for_some(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return decide(y_valid, p_valid, p_new) | ((p_new >= 0.5) & ~y_valid.any(axis=0))


def highest_for_none(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (p_new >= best_thresholds(y_valid, p_valid)).astype(int)


def strictly(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    cuts = np.where(y_valid.any(axis=0), best_thresholds(y_valid, p_valid), np.inf)
    return (p_new > cuts).astype(int)


def from_new(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (p_new >= best_thresholds(p_new, p_new)).astype(int)


def from_valid_scores(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (p_new >= best_thresholds(p_valid, p_valid)).astype(int)


def one_for_all(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    cut = best_thresholds(y_valid.reshape(-1, 1), p_valid.reshape(-1, 1))
    return (p_new >= cut).astype(int) if y_valid.any() else np.zeros(p_new.shape, int)


def same_share(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    """As many of the new rows as validation rows have the label."""
    cuts = [np.quantile(p_new[:, j], 1 - y_valid[:, j].mean()) for j in range(p_new.shape[1])]
    return (p_new >= np.array(cuts)).astype(int)


def lowest_true(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (p_new >= np.where(y_valid == 1, p_valid, np.inf).min(axis=0)).astype(int)


def _by(best: Callable[[np.ndarray, np.ndarray], float]) -> Callable[..., np.ndarray]:
    """Another best threshold of a label that a validation row has."""

    def given(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
        labels = zip(y_valid.T, p_valid.T, strict=True)
        cuts = [best(y, p) if y.any() else np.inf for y, p in labels]
        return (p_new >= np.array(cuts)).astype(int)

    return given


def _f1(y: np.ndarray, p: np.ndarray, cut: float) -> float:
    return float(2 * (y * (p >= cut)).sum() / ((p >= cut).sum() + y.sum()))


lowest_of_equals = _by(lambda y, p: max(np.unique(p), key=lambda t: _f1(y, p, t)))
most_right = _by(lambda y, p: max(np.unique(p)[::-1], key=lambda t: ((p >= t) == y).mean()))
of_a_grid = _by(lambda y, p: max(np.arange(100, -1, -1) / 100, key=lambda t: _f1(y, p, t)))


def highest_only(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> np.ndarray:
    return (np.arange(p_new.shape[1]) == p_new.argmax(axis=1)[:, None]).astype(int)


HALF = "a label is given from 0.5 up: use the threshold that the validation rows say"
MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    HALF: half,
    f"{HALF} (here above it)": lambda y_valid, p_valid, p_new: (p_new > 0.5).astype(int),
    f"{HALF} (here for a label that none of them has)": half_for_some,
    "a label that no validation row has is given: nothing says where its threshold is": (
        highest_for_none
    ),
    "the label is given where p > t; the task says p >= t": strictly,
    "the thresholds are calculated from the new rows: choose them on the validation rows": from_new,
    "the thresholds are calculated from validation scores, and their labels are not looked at": (
        from_valid_scores
    ),
    "one threshold serves all labels": one_for_all,
    "as many rows get a label as have it among the validation rows": same_share,
    "the lowest probability of a true validation row is the threshold": lowest_true,
    "of equally good thresholds the lowest is taken: take the highest": lowest_of_equals,
    "the threshold with the most right rows is taken: the task asks for the best F1": most_right,
    "the thresholds are hundredths: take them from the probabilities in p_valid": of_a_grid,
    "each row gets the label with its highest probability, and no other": highest_only,
}


def _read(value: Any, case: Case) -> np.ndarray:
    what, shape = f"{call_of('decide', case)}: the result", case[2].shape
    lists = isinstance(value, (list, tuple)) and len(value) == shape[0]
    many = (list, tuple, np.ndarray)
    if lists and any(isinstance(row, many) and not has_parts(row, shape[1]) for row in value):
        reject(
            f"{what} must have a column for each of {shape[1]} labels, 1 where the row gets it; it "
            "lists the labels of each row.",
            "E39",
        )
    if (
        has_parts(value, shape[0])
        and shape[0] > 1
        and not any(isinstance(row, many) for row in value)
    ):
        reject(
            f"{what} must have a column for each of {shape[1]} labels, 1 where the row gets it; it "
            "has one number a row, and a row may have several labels or none.",
            "E39",
        )
    return table_of(value, what, shape)


def check_decide(answer: Any) -> None:
    compare_named("decide", answer, CASES, decide, _read, MISTAKES, {HALF: "E36"})


TASK = Task(
    id="50.5",
    prompt="Choose a threshold for each label on validation rows, and label new rows.",
    check_answer=check_decide,
    hints=(
        "Which threshold must a label have that should be given to nobody?",
        "best_thresholds(y_valid, p_valid) is one number a label; y_valid.any(axis=0) tells which "
        "labels a validation row has.",
        "cuts = np.where(y_valid.any(axis=0), best_thresholds(y_valid, p_valid), np.inf), then "
        "(p_new >= cuts).astype(int).",
    ),
    insight="Thresholds belong to a model and are stored with it: they are learnt like weights.",
    errata=ERRATA,
)
