"""Task 50.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.decide import HALF, MISTAKES, decide


def _by_loops(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    given = np.zeros(p_new.shape, dtype=bool)
    for j in range(p_new.shape[1]):
        y, p = y_valid[:, j], p_valid[:, j]
        best, cut = 0.0, np.inf
        for t in sorted(set(p.tolist()), reverse=True):
            f1 = 2 * y[p >= t].sum() / ((p >= t).sum() + y.sum())
            if f1 > best:
                best, cut = f1, t
        given[:, j] = p_new[:, j] >= cut
    return given


def _as_lists(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    return _by_loops(y_valid, p_valid, p_new).astype(float).tolist()


def _numbers_of_labels(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    return [np.flatnonzero(row).tolist() for row in decide(y_valid, p_valid, p_new)]


def _best_label(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    return p_new.argmax(axis=1)


def _turned(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    return decide(y_valid, p_valid, p_new).T


def _upside_down(y_valid: np.ndarray, p_valid: np.ndarray, p_new: np.ndarray) -> Any:
    return 1 - decide(y_valid, p_valid, p_new)


PROOF = Proof(
    task="50.5",
    right=[_by_loops, _as_lists],
    wrong=[
        *(
            Wrong(answer, f"{says}.", erratum="E36" if HALF in says else None, silent=True)
            for says, answer in MISTAKES.items()
        ),
        Wrong(_numbers_of_labels, "it lists the labels of each row", erratum="E39"),
        Wrong(_best_label, "it has one number a row", erratum="E39"),
        Wrong(_turned, "must have shape (3, 2)"),
        Wrong(_upside_down, "at row 0, column 0 it must be 1, got 0.", silent=True),
    ],
)
