"""Task 50.10: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.queue import MISTAKES, queue


def _by_sorted(p: np.ndarray, cuts: np.ndarray, looks: int) -> Any:
    waiting = np.argwhere(p < cuts).tolist()
    waiting.sort(key=lambda cell: (-p[cell[0], cell[1]], cell[0], cell[1]))
    return waiting[:looks]


def _by_masking(p: np.ndarray, cuts: np.ndarray, looks: int) -> Any:
    score = np.where(p >= cuts, -1.0, p)
    order = np.argsort(-score, axis=None, kind="stable")[: min(looks, (score >= 0).sum())]
    return np.column_stack(np.unravel_index(order, p.shape))


def _flat(p: np.ndarray, cuts: np.ndarray, looks: int) -> Any:
    return [product * p.shape[1] + label for product, label in queue(p, cuts, looks)]


def _one_more(p: np.ndarray, cuts: np.ndarray, looks: int) -> Any:
    return queue(p, cuts, looks + 1)


PROOF = Proof(
    task="50.10",
    right=[_by_sorted, _by_masking],
    wrong=[
        *(Wrong(answer, f"{says}.", silent=True) for says, answer in MISTAKES.items()),
        Wrong(_flat, "a list of pairs (product, label)"),
        Wrong(_one_more, "must be [(1, 1), (1, 0)], got [(1, 1), (1, 0), (0, 1)]", silent=True),
    ],
)
