"""Task 10.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l10.similarity import MISTAKES, similarity


def _of_people(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    return similarity(bought.T, shrinkage)


def _with_loops(bought: np.ndarray, shrinkage: float) -> list[list[float]]:
    takers = [set(np.flatnonzero(column)) for column in bought.T]
    table = [[0.0] * len(takers) for _ in takers]
    for i, one in enumerate(takers):
        for j, other in enumerate(takers):
            both = len(one & other)
            if i != j and both:
                cosine = both / np.sqrt(len(one) * len(other))
                table[i][j] = cosine * both / (both + shrinkage)
    return table


def _with_units(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    """Columns of length 1, then their products."""
    columns = bought.astype(float)
    units = columns / np.maximum(np.sqrt(columns.sum(axis=0)), 1e-300)
    both = columns.T @ columns
    factor = np.where(both > 0, both / np.maximum(both + shrinkage, 1e-300), 0)
    return (units.T @ units) * factor * (1 - np.eye(len(both)))


def _of_booleans(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    """A product of booleans is a boolean: both is 0 or 1."""
    both = bought.T @ bought
    counts = bought.sum(axis=0)
    table = both / np.maximum(np.sqrt(np.outer(counts, counts)), 1)
    table = table * both / np.maximum(both + shrinkage, 1e-9)
    np.fill_diagonal(table, 0)
    return table


def _raw(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    """Divided without looking: 0 / 0 for what was never bought."""
    yes = bought.astype(float)
    both = yes.T @ yes
    counts = yes.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return both / np.sqrt(np.outer(counts, counts)) * both / (both + shrinkage)


def _counts_too_late(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    """The counts are the diagonal, which is 0 by then."""
    yes = bought.astype(float)
    both = yes.T @ yes
    np.fill_diagonal(both, 0)
    root = np.maximum(np.sqrt(np.outer(np.diag(both), np.diag(both))), 1)
    return both / root * both / np.maximum(both + shrinkage, 1e-9)


PROOF = Proof(
    task="10.2",
    right=[_with_loops, _with_units],
    wrong=[
        *silent(MISTAKES),
        Wrong(_of_people, "must have shape"),
        Wrong(_counts_too_late, "read after the diagonal was set to 0", silent=True),
        Wrong(_of_booleans, "booleans @ booleans are booleans", silent=True),
        Wrong(_raw, "must not hold nan", silent=True),
    ],
)
