"""Task 40.1: how often a mini-batch shows the opposite sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l22.shared import compare_numbers

Case = tuple[np.ndarray, np.ndarray]
Slip = Callable[[np.ndarray, np.ndarray], float]


def _drawn(seed: int, batches: int, d: int, pull: float) -> Case:
    draw = np.random.default_rng(seed)
    common = draw.normal(size=d)
    g = draw.normal(size=(batches, d)) + common
    h = draw.normal(size=(batches, d)) + pull * common
    return g.round(2), h.round(2)


CASES: list[Case] = [
    (
        np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 2.0]]),
        np.array([[1.0, 0.0], [1.0, 1.0], [-3.0, 1.0]]),
    ),
    _drawn(0, 9, 3, 0.6),
    _drawn(1, 12, 3, -0.6),
    _drawn(2, 7, 2, 0.3),
    _drawn(3, 8, 2, -0.4),
    _drawn(4, 21, 4, 0.4),
    # The mean of the products has the other sign than the product of the means.
    (np.array([[3.0, 0.0], [-1.0, 0.0], [-1.0, 0.0]]), np.array([[1.0, 0], [-2, 0], [-2.0, 0]])),
    # Products of 0 beside both signs.
    (np.array([[1.0, 0], [0, 1], [2, 0], [1, 1]]), np.array([[0.0, 1], [1, 0], [-1, 0], [0, 1]])),
    (np.array([[1, 2], [2, 1]], np.int8), np.array([[-100, 3], [120, 10]], np.int8)),
    (np.array([[2.0, 1.0]]), np.array([[-1.0, 1.0]])),
    (np.array([[1e-6, 0.0], [2e-6, 0.0]]), np.array([[1e-6, 1.0], [-3e-7, 1.0]])),
    # No sign in the whole.
    (np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 1.0], [-1.0, 1.0]])),
    (np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
]


def products(g: np.ndarray, h: np.ndarray) -> np.ndarray:
    return (np.asarray(g, float) * h).sum(axis=1)


def whole(g: np.ndarray, h: np.ndarray) -> float:
    return float(np.mean(g, axis=0) @ np.mean(h, axis=0))


def right_opposite(g: np.ndarray, h: np.ndarray) -> float:
    sign = np.sign(whole(g, h))
    return float((np.sign(products(g, h)) == -sign).mean()) if sign else np.nan


def _guarded(slip: Slip) -> Slip:
    """nan where the whole has no sign."""
    return lambda g, h: slip(g, h) if whole(g, h) else np.nan


def _mean_of_products(g: np.ndarray, h: np.ndarray) -> float:
    sign = np.sign(products(g, h).mean())
    return float((np.sign(products(g, h)) == -sign).mean()) if sign else np.nan


def _from_first(g: np.ndarray, h: np.ndarray) -> float:
    return float((np.sign(products(g, h)) == -np.sign(products(g, h)[0])).mean())


MISTAKES: dict[str, Slip] = {
    "the share of conflicts is returned; the text asks for those that disagree with the whole": (
        _guarded(lambda g, h: float((products(g, h) < 0).mean()))
    ),
    "negative products are counted; opposite means against the sign of the whole": (
        lambda g, h: float((products(g, h) < 0).mean())
    ),
    "products are taken in the short type, and overflow; np.asarray(g, float) first": _guarded(
        lambda g, h: float(
            (np.sign((np.asarray(g) * h).sum(axis=1)) == -np.sign(whole(g, h))).mean()
        )
    ),
    "the share of mini-batches that agree is returned": _guarded(
        lambda g, h: float((np.sign(products(g, h)) == np.sign(whole(g, h))).mean())
    ),
    "a product of 0 counts as the opposite sign; it has none": _guarded(
        lambda g, h: float((np.sign(products(g, h)) != np.sign(whole(g, h))).mean())
    ),
    "the mean of the batches' products stands for the whole; take the product of the mean "
    "gradients": _guarded(_mean_of_products),
    "the first mini-batch stands for the whole": _guarded(_from_first),
    "they are counted, and not divided by the number of mini-batches": _guarded(
        lambda g, h: right_opposite(g, h) * len(g)
    ),
    "0 stands in place of nan where the whole has no sign": lambda g, h: float(
        np.nan_to_num(right_opposite(g, h))
    ),
}


def check_opposite(answer: Any) -> None:
    compare_numbers(answer, "opposite_share", ("g", "h"), CASES, right_opposite, MISTAKES)


TASK = Task(
    id="40.1",
    prompt="Return the share of mini-batches whose inner product has the opposite sign, or nan.",
    check_answer=check_opposite,
    hints=(
        "Two things first: one inner product a mini-batch, and the inner product of the two mean "
        "gradients.",
        "(g * h).sum(axis=1) has one number a mini-batch; np.sign gives -1, 0 or 1. A product of 0 "
        "is not the opposite of anything.",
        "whole = np.sign(g.mean(axis=0) @ h.mean(axis=0)); return np.nan if it is 0, else "
        "(np.sign(products) == -whole).mean(). Turn short integers into floats first.",
    ),
    insight="A conflict on one batch is a draw from a wide distribution: ask for its share, and "
    "for the sign over all rows.",
)
