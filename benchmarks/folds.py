"""Draws that share nothing: whole products in folds, each text learnt from in one draw at most."""

from __future__ import annotations

import numpy as np

SEEDS, TUNING_SEEDS = range(5), (5,)
"""Folds whose draws judge, and the one that chooses."""

FOLDS = 6
CS = (0.003, 0.03, 0.3, 3.0, 30.0, 300.0)
"""Trials of a logistic regression."""


def deal(products: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Row -> its fold, of one size and by whole products; and the one draw that learns from it."""
    names, of, counts = np.unique(products, return_inverse=True, return_counts=True)
    fold, held = np.zeros(len(names), int), np.zeros(FOLDS)
    for product in sorted(rng.permutation(len(names)), key=lambda one: -counts[one]):
        fold[product] = np.argmin(held)
        held[fold[product]] += counts[product]
    folds, learner = fold[of], np.zeros(len(products), int)
    for k in range(FOLDS):
        own = rng.permutation(np.flatnonzero(folds == k))
        learner[own] = np.delete(np.arange(FOLDS), k)[np.arange(len(own)) % (FOLDS - 1)]
    return folds, learner
