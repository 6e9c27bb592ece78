"""What the models of scikit-learn share."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold

FOLDS = 5


def chances_of(
    model: Any, train: Any, y: np.ndarray, asked: Any, weights: np.ndarray | None = None
) -> np.ndarray:
    """Fit, and predict the rows asked for; where training has one label alone, its rate."""
    if y.min() == y.max():
        return np.full(asked.shape[0], float(y[0]))
    return model.fit(train, y, sample_weight=weights).predict_proba(asked)[:, 1]


def cross_fitted(encoder: Any, x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    """What the encoder says of its own training rows, each fifth by the labels of the others.

    The encoder itself is fitted on all of them, for rows that are not among them.
    """
    said = np.empty(x.shape)
    for others, fold in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(x, y):
        said[fold] = clone(encoder).fit(x[others], y[others]).transform(x[fold])
    encoder.fit(x, y)
    return said
