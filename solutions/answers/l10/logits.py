"""Task 10.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l10.logits import MISTAKES, logits


def _with_loops(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> list[list[float]]:
    total = sum(int(n) for n in counts)
    table = []
    for i, mine in enumerate(products):
        row = []
        for j, other in enumerate(products):
            score = sum(float(a) * float(b) for a, b in zip(x[i], y[j], strict=True))
            repeated = i != j and mine == other
            row.append(-float("inf") if repeated else score - np.log(counts[other] / total))
        table.append(row)
    return table


def _with_logs(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    """log q as a difference of logarithms; the mask by subtraction of infinity."""
    table = np.einsum("id,jd->ij", x, y)
    table += np.log(counts.sum()) - np.log(counts[np.array(products)])
    ids = np.array(products)
    rows, columns = np.nonzero(ids[:, None] == ids)
    off = rows != columns
    table[rows[off], columns[off]] = -np.inf
    return table


PROOF = Proof(
    task="10.4",
    right=[_with_loops, _with_logs],
    wrong=[
        *silent(MISTAKES),
        Wrong(
            lambda x, y, products, counts: np.exp(logits(x, y, products, counts)).tolist()[0],
            "must have shape",
        ),
    ],
)
