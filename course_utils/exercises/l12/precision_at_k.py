"""12.4: precision@k of suggested labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l12.shared import call_of
from course_utils.exercises.reading import as_number


def _ratio(above: Any, below: Any, empty: float = 0.0) -> np.ndarray:
    above, below = np.asarray(above, float), np.asarray(below, float)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), empty)


_RANKED: list[tuple[np.ndarray, np.ndarray, int]] = [
    (np.array([[1, 0, 1], [0, 1, 0]]), np.array([[3, 2, 1], [1, 3, 2]]), 2),
    (np.array([[1, 0, 0, 1], [0, 1, 1, 0]]), np.array([[0.9, 0.8, 0.1, 0.2], [4, 3, 2, 1]]), 3),
    (np.array([[0, 0, 0], [1, 1, 0]]), np.array([[-1, -2, -3], [-0.1, -0.4, -0.3]]), 1),
    (np.array([[1, 0, 1, 1, 0]]), np.array([[0.2, 0.7, 0.6, 0.1, 0.3]]), 5),
    (np.array([[1, 0, 1, 1], [1, 0, 0, 0]]), np.array([[9, 8, 7, 6], [1, 4, 3, 2]]), 1),
    (np.array([[0, 1, 0], [1, 1, 1], [0, 0, 0]]), np.array([[1, 2, 3], [6, 5, 4], [7, 9, 8]]), 2),
    (np.array([[1]]), np.array([[0.0]]), 1),
    (np.array([[1, 0, 1], [0, 0, 1]]), np.array([[0.2, 0.9, 0.4], [-0.3, -0.2, -0.7]]), 1),
    # Scores that 32 bits do not tell apart, and a count that 8 bits do not hold.
    (np.array([[0, 1, 1]]), np.array([[0.5, 0.5 + 1e-9, 0.5 - 1e-9]]), 1),
    (
        np.repeat([[1, 0, 1], [0, 1, 0]], [280, 20], axis=0),
        np.repeat([[3.0, 1.0, 2.0], [2.5, -1.0, 0.0]], [290, 10], axis=0),
        1,
    ),
    (np.repeat([[0, 1], [1, 0]], [30, 1], axis=0), np.repeat([[2, 1]], 31, axis=0), 1),
    # A sigmoid makes them 1, exp makes some infinite; whole numbers below 0.
    (np.array([[0, 1], [1, 0], [0, 1]]), np.array([[40.0, 41], [801, 800], [800, 801]]), 1),
    (np.array([[0, 1]]), np.array([[-1, 2]]), 1),
]


def precision_at(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float(np.take_along_axis(y, np.argsort(-scores, axis=1)[:, :k], axis=1).mean())


def _hits_at(y: np.ndarray, scores: np.ndarray, k: int) -> np.ndarray:
    return np.take_along_axis(y, np.argsort(-scores, axis=1)[:, :k], axis=1).sum(axis=1)


def _mean_with(below: Callable[..., Any]) -> Callable[..., float]:
    return lambda y, scores, k: float(_ratio(_hits_at(y, scores, k), below(y, k)).mean())


def whole_table(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    top = np.argsort(-scores, axis=None)[: k * len(y)]
    return float(y.ravel()[top].mean())


def per_label(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float(np.take_along_axis(y, np.argsort(-scores, axis=0)[:k], axis=0).mean())


def worst_first(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return precision_at(y, -scores, k)


def any_hit(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float((_hits_at(y, scores, k) > 0).mean())


def one_more(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float(_hits_at(y, scores, k + 1).mean() / k)


def only_labelled(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    some = y.any(axis=1)
    return precision_at(y[some], scores[some], k)


def sum_over_rows(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float(_hits_at(y, scores, k).sum() / k)


def not_divided(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return float(_hits_at(y, scores, k).mean())


def as_whole(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return precision_at(y, scores.astype(int), k)


def in_32_bits(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return precision_at(y, scores.astype(np.float32), k)


def by_sigmoid(y: np.ndarray, scores: np.ndarray, k: int) -> float:
    return precision_at(y, expit(scores), k)


recall_at = _mean_with(lambda y, k: y.sum(axis=1))
capped = _mean_with(lambda y, k: np.minimum(y.sum(axis=1), k))

_RANK_MISTAKES: dict[str, Callable[..., float]] = {
    "the k lowest scores are shown, not the highest": worst_first,
    "the hits are divided by the true labels: that is recall": recall_at,
    "the hits are divided by the smaller of k and the true labels: divide by k": capped,
    "the best products of each label are taken, not the best labels of each product": per_label,
    "the best cells of the whole table are taken: each product shows k": whole_table,
    "a product counts 1 if it has any hit: that is the hit rate": any_hit,
    "k + 1 labels are shown": one_more,
    "products without a true label are left out": only_labelled,
    "the products are summed, not averaged": sum_over_rows,
    "the hits are not divided by k": not_divided,
    "the scores are cut to whole numbers, which makes some of them equal": as_whole,
    "the scores are rounded or cut to fewer bits, which makes some of them equal": in_32_bits,
    "the scores are put through a sigmoid, which makes the large ones equal": by_sigmoid,
}


def check_precision_at_k(answer: Any) -> None:
    compare(
        answer,
        _RANKED,
        precision_at,
        lambda value, case: as_number(value, f"{_shown(case)}: the result"),
        _shown,
        _RANK_MISTAKES,
    )


def _shown(case: Case) -> str:
    return call_of("precision_at_k", case)


TASK = Task(
    id="12.4",
    prompt="Return the share of true labels among the k highest scores of each product.",
    check_answer=check_precision_at_k,
    hints=(
        "Sort within each product, so along axis 1, with the highest score first.",
        "np.argsort(-scores, axis=1)[:, :k] are the columns shown.",
        "np.take_along_axis(y, top, axis=1) are the labels shown, 0 or 1: their mean is the "
        "result.",
    ),
    insight="Ranking needs no threshold, and no calibrated probability.",
)
