"""Task 12.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import metrics as sk

from answers import Proof, Wrong
from course_utils.exercises.l12.best_threshold import (
    accuracy,
    as_they_stand,
    below_one,
    best_f1,
    f1_above,
    f1_of,
    first_max,
    grid_coarse,
    grid_fine,
    hits_first,
    hundredths,
    in_32_bits,
    nan_wins,
    near_are_one,
    only_above,
    percentiles,
    precision_of,
    strictly_above,
    turned_round,
    without_last,
    youden,
)


def _by_sorting(y: np.ndarray, p: np.ndarray) -> Any:
    order = np.argsort(p)[::-1]
    f1 = 2 * np.cumsum(y[order]) / (np.arange(1, len(y) + 1) + y.sum())
    last = np.append(np.diff(p[order]) != 0, True)
    return p[order][np.argmax(np.where(last, f1, -1.0))]


def _by_curve(y: np.ndarray, p: np.ndarray) -> Any:
    precision, recall, cuts = sk.precision_recall_curve(y, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return np.array([cuts[np.argmax(f1[:-1])]])


def _all_of_them(y: np.ndarray, p: np.ndarray) -> Any:
    """Minus infinity where nothing is better than to give the label to all rows."""
    t = _by_sorting(y, p)
    return -np.inf if t == p.min() else t


def _midway(y: np.ndarray, p: np.ndarray) -> Any:
    """Youden's index again, but between two probabilities."""
    found = np.unique(p)
    cuts = np.append(found[:1], (found[1:] + found[:-1]) / 2)
    return cuts[np.argmax([youden(y, p >= t) for t in cuts])]


def _in_sorted_order(y: np.ndarray, p: np.ndarray) -> Any:
    """The commonest answer of interviews: numpy's default sort, equal p taken one by one."""
    order = np.argsort(-p)
    hits = np.cumsum(y[order])
    f1 = 2 * hits / (np.arange(1, len(y) + 1) + hits[-1])
    return p[order][f1.argmax()]


def _each_by_sklearn(y: np.ndarray, p: np.ndarray) -> Any:
    return max(p, key=lambda t: sk.f1_score(y, p >= t))


PROOF = Proof(
    task="12.3",
    right=[_by_sorting, _by_curve, _all_of_them, _each_by_sklearn],
    wrong=[
        Wrong(lambda y, p: 0.5, "0.5 is returned", silent=True),
        Wrong(grid_coarse, "only a grid", silent=True),
        Wrong(grid_fine, "still a grid", silent=True),
        Wrong(hundredths, "an even grid from 0 to 1", silent=True),
        Wrong(percentiles, "percentiles are tried", silent=True),
        Wrong(below_one, "a probability of 1 is never tried", silent=True),
        Wrong(near_are_one, "that are near are taken for one", silent=True),
        Wrong(only_above, "F1 is that of p > t", silent=True),
        Wrong(as_they_stand, "in the order they stand", silent=True),
        Wrong(turned_round, "last of them first", silent=True),
        Wrong(_in_sorted_order, "rows with the same probability are split", silent=True),
        Wrong(hits_first, "the true ones first", silent=True),
        Wrong(without_last, "never tried", silent=True),
        Wrong(in_32_bits, "rounded, or cut to 32 bits?", silent=True),
        Wrong(lambda y, p: round(_by_sorting(y, p), 6), "to 6 decimals", silent=True),
        Wrong(
            first_max(f1_of, lambda y, p: np.unique(p[p <= 0.9])),
            "np.array([0.91, 0.95, 0.2])",
            silent=True,
        ),
        Wrong(
            _midway,
            "at t = 0.775 F1 is 0.8000; 0.8571 can be reached. It looks as if recall",
            silent=True,
        ),
        Wrong(first_max(accuracy), "accuracy is made best", silent=True),
        Wrong(first_max(youden), "false alarms", silent=True),
        Wrong(first_max(precision_of), "precision is made best", silent=True),
        Wrong(strictly_above, "the task says p >= t", silent=True),
        Wrong(best_f1, "the best F1 is returned", silent=True),
        Wrong(lambda y, p: best_f1(y, p) / 2, "half of the best F1", silent=True),
        Wrong(
            lambda y, p: int(np.argmax([f1_above(y, p, t) for t in p])),
            "a position in the array",
            silent=True,
        ),
        Wrong(lambda y, p: p[y == 1].min(), "lowest probability of a true row", silent=True),
        Wrong(nan_wins, "argmax takes the nan", silent=True),
        Wrong(lambda y, p: (0.2, 0.8), "must be one number"),
    ],
)
