"""Task 20.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l20.cosines import MISTAKES, nan_for_zero, right_cosines


def _from_gramians(gradients: Any) -> np.ndarray:
    """The Gramians of the arrays added up, as a trainer does it."""
    gram = sum(np.tensordot(g, g, axes=(range(1, g.ndim), range(1, g.ndim))) for g in gradients)
    lengths = np.sqrt(np.diag(gram))
    lengths[lengths == 0] = np.inf
    return gram / lengths / lengths[:, None]


def _by_loops(gradients: Any) -> list[list[float]]:
    n = len(gradients[0])
    rows = [np.hstack([np.ravel(g[k]) for g in gradients]) for k in range(n)]
    result = [[0.0] * n for _ in range(n)]
    for a in range(n):
        for b in range(n):
            lengths = np.linalg.norm(rows[a]) * np.linalg.norm(rows[b])
            if lengths:
                result[a][b] = float(np.dot(rows[a], rows[b]) / lengths)
    return result


def _pairs_only(gradients: Any) -> Any:
    """The first two tasks' cosine, one number."""
    return right_cosines(gradients)[0, -1]


def _small_number_below(gradients: Any) -> Any:
    rows = np.concatenate([np.reshape(g, (len(g), -1)) for g in gradients], axis=1)
    norms = np.linalg.norm(rows, axis=1)
    return rows @ rows.T / (np.outer(norms, norms) + 1e-8)


def _cast(gradients: Any) -> Any:
    return right_cosines([np.asarray(g).astype(int) for g in gradients])


def _zero_by_sum(gradients: Any) -> Any:
    rows = np.concatenate([np.reshape(g, (len(g), -1)) for g in gradients], axis=1)
    found = np.array(right_cosines(gradients))
    found[rows.sum(axis=1) == 0] = 0
    return found


PROOF = Proof(
    task="20.5",
    right=[_from_gramians, _by_loops],
    wrong=[
        *silent(MISTAKES),
        Wrong(nan_for_zero, says="its cosines are 0) the result must not hold nan"),
        Wrong(_pairs_only, says="must have shape (2, 2)"),
        Wrong(_small_number_below, says="the cosine of tasks 0 and 0 must be", silent=True),
        Wrong(_zero_by_sum, says="[[1.0, -1.0], [2.0, 1.0]]", silent=True),
        Wrong(_cast, says="the cosine of tasks", silent=True),
        Wrong(lambda gradients: right_cosines(gradients).round(4), says="rounded to 4 decimals"),
        Wrong(lambda gradients: None, says="Did you forget a return?"),
    ],
)
