"""Task 12.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import metrics as sk

from answers import Proof, Wrong
from course_utils.exercises.l12.best_threshold import (
    accuracy,
    best_f1,
    f1_above,
    f1_of,
    first_max,
    grid_coarse,
    nan_wins,
    precision_of,
    strictly_above,
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


PROOF = Proof(
    task="12.3",
    right=[_by_sorting, _by_curve],
    wrong=[
        Wrong(lambda y, p: 0.5, "0.5 is returned", silent=True),
        Wrong(grid_coarse, "only a grid", silent=True),
        Wrong(
            first_max(f1_of, lambda y, p: np.linspace(0.01, 0.99, 99)),
            "still a grid",
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
