"""Task 10.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l10.likeness import MISTAKES, likeness


def _of_people(taken: np.ndarray, damping: float) -> np.ndarray:
    return likeness(taken.T, damping)


def _with_loops(taken: np.ndarray, damping: float) -> list[list[float]]:
    takers = [set(np.flatnonzero(column)) for column in taken.T]
    table = [[0.0] * len(takers) for _ in takers]
    for i, one in enumerate(takers):
        for j, other in enumerate(takers):
            both = len(one & other)
            if i != j and both:
                cosine = both / np.sqrt(len(one) * len(other))
                table[i][j] = cosine * both / (both + damping)
    return table


def _with_units(taken: np.ndarray, damping: float) -> np.ndarray:
    """Columns of length 1, then their products."""
    columns = taken.astype(float)
    units = columns / np.maximum(np.sqrt(columns.sum(axis=0)), 1e-300)
    both = columns.T @ columns
    factor = np.where(both > 0, both / np.maximum(both + damping, 1e-300), 0)
    return (units.T @ units) * factor * (1 - np.eye(len(both)))


def _raw(taken: np.ndarray, damping: float) -> np.ndarray:
    """Divided without looking: 0 / 0 for what was never taken."""
    yes = taken.astype(float)
    both = yes.T @ yes
    counts = yes.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return both / np.sqrt(np.outer(counts, counts)) * both / (both + damping)


PROOF = Proof(
    task="10.2",
    right=[_with_loops, _with_units],
    wrong=[
        *silent(MISTAKES),
        Wrong(_of_people, "must have shape"),
        Wrong(_raw, "must not hold nan", silent=True),
    ],
)
