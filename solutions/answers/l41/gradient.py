"""Task 41.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.gradient import MISTAKES, _no_guard, right_gradient


def _einsum(sums: Any, counts: Any, weights: Any) -> Any:
    total = counts.astype(int).sum(axis=0)
    factors = np.divide(weights, total, out=np.zeros(len(weights)), where=total > 0)
    return np.einsum("wkd,k->d", sums, factors)


def _loop(sums: Any, counts: Any, weights: Any) -> Any:
    found = np.zeros(sums.shape[2])
    for k, weight in enumerate(weights):
        n = sum(int(worker[k]) for worker in counts)
        if n:
            found += weight * sum(worker[k] for worker in sums) / n
    return found.tolist()


def _weighted_means(sums: Any, counts: Any, weights: Any) -> Any:
    """Means of the workers are right if each counts by its labels."""
    n = counts.astype(float)
    means = sums / np.maximum(n, 1)[:, :, None]
    share = n / np.maximum(n.sum(0), 1)
    return weights @ (share[:, :, None] * means).sum(0)


def _changes(sums: Any, counts: Any, weights: Any) -> Any:
    found = right_gradient(sums, counts, weights)
    sums /= 2
    return found


PROOF = Proof(
    task="41.5",
    right=[_einsum, _loop, _weighted_means, right_gradient],
    wrong=[
        *silent(MISTAKES),
        Wrong(_no_guard, "must not hold nan", silent=True),
        Wrong(_changes, "changes `sums`", silent=True),
        Wrong(lambda *case: right_gradient(*case)[None], "must have shape"),
    ],
)
