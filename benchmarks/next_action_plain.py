"""The next kind of product by linear models of the past, with its order and without (lesson 52).

    python benchmarks/next_action_plain.py

adds to ``next_action.py`` the rivals that tell taste from order: a logistic regression on how often
each kind was bought, and one that reads what was bought last too. Each chooses its penalty on the
validation rows, as does a third: three tables of counts (``next_action_limits.py``), and on top of
them what a regression on the bag adds. Kept in results/next_action_plain.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import next_action_limits as limits
import numpy as np
from parts import Stored
from scipy import optimize, special
from scipy.special import softmax

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour.fitting import fit

PULLS = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
"""Of the squared weights, among which each model chooses: as wide as keeps the best inside."""


def bag(history: np.ndarray, n: int) -> np.ndarray:
    """ln(1 + how often) of each kind: the order is gone."""
    return np.asarray(np.log1p(whole.counted(history, n)), dtype=np.float32)


def with_order(history: np.ndarray, n: int) -> np.ndarray:
    """The bag, the last kind, and all kinds weighing half as much with each step back."""
    steps_back = (history > 0).sum(axis=1)[:, None] - 1 - np.arange(history.shape[1])
    weights = np.where(history > 0, 0.5 ** np.maximum(steps_back, 0), 0.0)
    faded = np.zeros((len(history), n + 1))
    np.add.at(faded, (np.arange(len(history))[:, None], history), weights)
    last = np.eye(n)[whole.latest(history)]
    return np.column_stack([bag(history, n), last, faded[:, 1:]]).astype(np.float32)


INPUTS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "logistic, bag": bag,
    "logistic, bag and order": with_order,
}


@cache
def linear(width: int, n: int, pull: float) -> Any:
    """One traced graph for all shops."""
    regular = keras.regularizers.L2(pull)
    model = keras.Sequential(
        [keras.Input((width,)), keras.layers.Dense(n, kernel_regularizer=regular)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


def with_kinds(seed: int, momentum: float, customers: int = whole.CUSTOMERS) -> dict[str, Any]:
    """Both models on one shop with the dial at ``momentum``."""
    one = whole.Kinds(seed, momentum, customers)
    (train, y), (valid, y_valid), (test, y_test) = one.train, one.valid, one.test
    result: dict[str, Any] = {"chosen": {}}
    for name, of in INPUTS.items():
        x, x_valid, x_test = (of(history, one.n) for history in (train, valid, test))
        tried = []
        for pull in PULLS:
            model = linear(x.shape[1], one.n, pull)
            fit(model, (x, y), (x_valid, y_valid), seed, whole.EPOCHS, whole.PATIENCE, 256)
            said = [softmax(np.asarray(model(given)), axis=1) for given in (x_valid, x_test)]
            loss = whole.of_kinds(said[0], y_valid)["log loss"]
            tried.append((loss, pull, whole.of_kinds(said[1], y_test)))
        _, result["chosen"][name], result[name] = min(tried, key=lambda one: one[0])
    return result


def stacked(tables: dict[str, Any], seed: int, momentum: float) -> dict[str, Any]:
    """softmax(ln of three tables + bag W), W with a penalty, on one shop.

    tables: their strength and weights, as three tables alone have chosen them. Of the counts that
    a training row is given its own answer is left out.
    """
    one = whole.Kinds(seed, momentum)
    (train, y), (valid, y_valid), (test, y_test) = one.train, one.valid, one.test
    share = (np.bincount(y, minlength=one.n) + 1.0) / (len(y) + one.n)
    strength, weights = tables["strength"], (1.0, *tables["weights"])

    def lift(history: np.ndarray, back: int, own: np.ndarray | None) -> np.ndarray:
        known, before = limits.earlier(train, back), limits.earlier(history, back)
        counts = np.zeros((one.n, one.n))
        np.add.at(counts, (known[known >= 0], y[known >= 0]), 1.0)
        pulled, rows = strength * counts.sum(axis=0) / counts.sum(), counts[before]
        if own is not None:
            rows = rows - np.eye(one.n)[own] * (before >= 0)[:, None]
        p = (rows + pulled) / (rows.sum(axis=1, keepdims=True) + strength)
        return np.asarray(
            np.where((before >= 0)[:, None], np.log(np.maximum(p / share, 1e-12)), 0.0)
        )

    def log_odds(history: np.ndarray, own: np.ndarray | None = None) -> np.ndarray:
        lifts = [weight * lift(history, back, own) for back, weight in enumerate(weights)]
        return np.asarray(np.log(share) + sum(lifts))

    given, x, n = log_odds(train, y), bag(train, one.n).astype(float), one.n
    answer = np.eye(n)[y]

    def penalised(flat: np.ndarray, pull: float) -> tuple[float, np.ndarray]:
        w = flat.reshape(n, n)
        log_p = special.log_softmax(given + x @ w, axis=1)
        gradient = x.T @ (np.exp(log_p) - answer) / len(y) + 2 * pull * w
        lost = -log_p[np.arange(len(y)), y].mean()
        return float(lost + pull * (w**2).sum()), gradient.ravel()

    tried, w = [], np.zeros(n * n)
    for pull in sorted(PULLS, reverse=True)[:4]:
        w = optimize.minimize(penalised, w, (pull,), "L-BFGS-B", jac=True).x
        p = [
            softmax(log_odds(history) + bag(history, n) @ w.reshape(n, n), axis=1)
            for history in (valid, test)
        ]
        score = whole.of_kinds(p[0], y_valid)["log loss"]
        tried.append((score, pull, whole.of_kinds(p[1], y_test)))
    _, pull, found = min(tried, key=lambda one: one[0])
    return {"three tables and bag": found, "chosen": {"three tables and bag": pull}}


PARTS: dict[str, Callable[[], Any]] = {
    f"kinds {dial:g} {seed}": partial(with_kinds, seed, dial)
    for dial in whole.DIALS
    for seed in whole.SHOPS
}
PARTS |= {
    f"stacked {dial:g} {seed}": partial(
        stacked, limits.STORED.earlier(f"three {dial:g} {seed}", "chosen"), seed, dial
    )
    for dial in whole.DIALS
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_plain.json",
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
