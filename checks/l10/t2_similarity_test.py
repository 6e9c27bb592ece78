"""10.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import numpy as np

from checks.l10.t2_similarity import COSINE, FACTOR, right
from checks.proof import Proof, Wrong


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


LATE = "np.fill_diagonal(both, 0)\n    counts = both.diagonal()"

PROOF = Proof(
    task="10.2",
    right=[_with_loops, _with_units],
    wrong=[
        Wrong(right.first("bought = bought.T"), "must have shape"),
        Wrong(
            right.edit({"counts = yes.sum(axis=0)": LATE}),
            "read after the diagonal was set to 0",
            silent=True,
        ),
        Wrong(  # divided without looking: 0 / 0 for what was never bought
            right.edit({f"{COSINE} * {FACTOR}": "both / root * both / (both + shrinkage)"}),
            "must not hold nan",
            silent=True,
        ),
    ],
)
