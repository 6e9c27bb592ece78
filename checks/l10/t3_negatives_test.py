"""10.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.l10.t3_negatives import right
from checks.proof import Proof, Wrong


def _with_loops(counts: np.ndarray, bought: Sequence[int], power: float) -> list[float]:
    weights = [0.0 if j in bought else float(n) ** power for j, n in enumerate(counts)]
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def _with_mask(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    free = ~np.isin(np.arange(len(counts)), bought)
    weights = np.where(free, np.power(counts, power, dtype=float), 0.0)
    return np.divide(weights, weights.sum(), out=np.zeros(len(counts)), where=weights.sum() > 0)


def _total_minus_bought(counts: np.ndarray, bought: Sequence[int], power: float) -> np.ndarray:
    weights = counts.astype(float) ** power
    total = weights.sum() - sum(weights[one] for one in set(bought))
    weights[list(bought)] = 0.0
    return weights / total if total > 0 else np.zeros_like(weights)


PROOF = Proof(
    task="10.3",
    right=[_with_loops, _with_mask],
    wrong=[
        Wrong(_total_minus_bought, "[1000000000, 100000, 200000]", silent=True),
        Wrong(
            right.first("counts = np.minimum(counts, 1000)"),
            "at place 1 it must be 0.0588, got 0.5000",
            silent=True,
        ),
        Wrong(right.returning("np.delete(result, list(bought))"), "must have shape"),
    ],
)
