"""A small ranker's weights in eight, four, three and two bits: what it costs (lesson 41).

    python benchmarks/rounded_ranker.py

One trunk of 64 units with two heads, click and purchase, on the home feed of five simulated shops,
12,000 training rows; scikit-learn's ``MLPClassifier`` with two labels is a Shared-Bottom with
plain heads. Its weights are rounded with one scale for a whole matrix, with one for each column, or
with a *fitted* one for each column: below the largest absolute weight, so that the squared error of
rounding is least. A minute; docs/studies/41.md has the tables.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.metrics import auc
from course_utils.shop import Shop

SEEDS = range(5)
TRAIN, ALL, EPOCHS = 12_000, 32_000, 6
BITS, SCALES = (8, 4, 3, 2), ("matrix", "column", "fitted")
TASKS = ("click", "purchase")
NAMES, NUMBERS = ["segment", "city", "category", "brand"], ["price_sensitivity", "tenure_days"]


def shop(seed: int) -> dict[str, Any]:
    """AUC of click and purchase before rounding, and after it: "bits, scale" -> AUC."""
    model, x, y = _network(seed)
    zeros = np.mean(rounded(model.coefs_[0], 2, "column") == 0)
    found: dict[str, Any] = {"zeros at 2 bits": float(zeros), "32": _aucs(model, x, y, 32, "")}
    for bits in BITS:
        for scale in SCALES:
            found[f"{bits}, {scale}"] = _aucs(model, x, y, bits, scale)
    return found


def rounded(w: np.ndarray, bits: int, scale: str) -> np.ndarray:
    """The weights after rounding to so many bits, as floats again."""
    steps = 2 ** (bits - 1) - 1
    full = np.abs(w).max(axis=None if scale == "matrix" else 0, keepdims=True) / steps
    best, least = w, np.full(w.shape[1:], np.inf)
    for share in np.linspace(0.2, 1, 17) if scale == "fitted" else [1.0]:
        tried = np.clip(np.rint(w / (share * full)), -steps, steps) * share * full
        error = ((tried - w) ** 2).sum(0)
        best, least = np.where(error < least, tried, best), np.minimum(error, least)
    return best


def _network(seed: int) -> tuple[Any, np.ndarray, np.ndarray]:
    """A trained network, the test rows and their labels."""
    feed = Shop(seed, relatedness=0.8).home_feed(ALL)
    names = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(feed[NAMES][:TRAIN])
    spread = feed[NUMBERS][:TRAIN].std()
    x = np.hstack([names.transform(feed[NAMES]), np.log(feed[["price"]]), feed[NUMBERS] / spread])
    y = feed[list(TASKS)].to_numpy()
    model = MLPClassifier((64,), alpha=0.003, batch_size=256, random_state=seed)
    for _ in range(EPOCHS):
        model.partial_fit(x[:TRAIN], y[:TRAIN], classes=[0, 1])
    return model, x[TRAIN:], y[TRAIN:]


def _aucs(model: Any, x: np.ndarray, y: np.ndarray, bits: int, scale: str) -> list[float]:
    first, last = (w if bits == 32 else rounded(w, bits, scale) for w in model.coefs_)
    z = np.maximum(x @ first + model.intercepts_[0], 0) @ last + model.intercepts_[1]
    return [float(auc(y[:, k], z[:, k])) for k in range(len(TASKS))]


STORED = Stored(paths.RESULTS / "rounded_ranker.json", {"seeds": SEEDS})

PARTS: Mapping[str, Any] = {"shops": {str(seed): partial(shop, seed) for seed in SEEDS}}


if __name__ == "__main__":
    STORED.measure(PARTS)
