"""Products without a history: their factors are guessed from their attributes."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import Ridge
from surprise import SVD


def guess_from_attributes(
    known: np.ndarray, values: np.ndarray, counts: np.ndarray, new: np.ndarray, reg: float
) -> np.ndarray:
    """Ridge regression from attributes to what a model learnt (as Gantner et al. 2010).

    Each known product counts as often as it was rated: what is rated often is what the
    learnt numbers are good for.

    Args:
        known: attributes of products with a history, shape (n, d).
        values: what was learnt of them, shape (n, f).
        counts: how often each was rated, ``[n]``.
        new: attributes of products without a history, shape (m, d).
        reg: pull of the weights towards zero, in ratings.

    Returns:
        Shape (m, f).
    """
    return Ridge(alpha=reg).fit(known, values, sample_weight=counts).predict(new)


def cold_scores(algo: SVD, known: np.ndarray, new: np.ndarray, reg: float) -> np.ndarray:
    """Scores of products that a fitted SVD has never seen.

    Args:
        algo: a fitted, biased Surprise ``SVD``.
        known: attributes of the trainset's products by inner id, shape (products, d).
        new: attributes of the new products, shape (m, d).
        reg: as ``guess_from_attributes``.

    Returns:
        mu + b_u + b_i + p_u . q_i with b_i and q_i guessed; shape (users, m), not clipped.
    """
    trainset = algo.trainset
    counts = np.array([len(trainset.ir[item]) for item in trainset.all_items()])
    guessed = guess_from_attributes(known, np.column_stack([algo.bi, algo.qi]), counts, new, reg)
    return trainset.global_mean + algo.bu[:, None] + guessed[:, 0] + algo.pu @ guessed[:, 1:].T
