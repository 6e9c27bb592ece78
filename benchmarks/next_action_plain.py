"""The next kind of product by linear models of the past, with its order and without (lesson 52).

    python benchmarks/next_action_plain.py

adds to ``next_action.py`` the rivals that tell taste from order: a logistic regression on how often
each kind was bought, one that reads what was bought last too, and two tables of counts multiplied.
Each chooses on the validation rows. Beside them stands the visible limit: what one could say who
knows how the shop draws purchases but has of a customer only what the models read. Kept in
results/next_action_plain.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import numpy as np
from parts import Stored
from scipy.special import softmax

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour import features, limits, sequences
from course_utils.behaviour.fitting import fit
from course_utils.shop import Shop

ENDS = (0.01, 4.0)
"""Of the dial."""

PULLS = (1e-4, 3e-4, 1e-3, 3e-3)
"""Of the squared weights, among which each model chooses."""

WEIGHTS = (0.3, 0.6, 1.0)
"""What the table of the kind before the last may weigh beside that of the last."""

TASTES = 1500
"""Customers whose tastes stand for anybody's."""


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


def before_last(history: np.ndarray) -> np.ndarray:
    """The kind bought before the last, from 0 on; -1 where there is none."""
    at = (history > 0).sum(axis=1) - 2
    return np.where(at < 0, 0, history[np.arange(len(history)), at]) - 1


def two_tables(one: whole.Kinds) -> tuple[dict[str, float], dict[str, float]]:
    """p(k | last) (p(k | before it) / p(k))^w, made to sum to 1; and what was chosen."""
    (train, y), valid, test = (
        sequences.windows_at(one.rows, part)
        for part in (one.rows.train, one.rows.valid, one.rows.test)
    )
    share = (np.bincount(y, minlength=one.n) + 1.0) / (len(y) + one.n)
    second = before_last(train) >= 0

    def said(history: np.ndarray, strength: float, weight: float) -> np.ndarray:
        first = features.markov_table(whole.latest(train), y, one.n, strength)
        before = features.markov_table(before_last(train)[second], y[second], one.n, strength)
        there = (before_last(history) >= 0)[:, None]
        lift = np.where(there, before[before_last(history)] / share, 1.0)
        p = first[whole.latest(history)] * lift**weight
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    tried = list(product(whole.STRENGTHS, WEIGHTS))
    losses = [whole.of_kinds(said(valid[0], *how), valid[1])["log loss"] for how in tried]
    best = tried[int(np.argmin(losses))]
    return whole.of_kinds(said(test[0], *best), test[1]), dict(
        zip(("strength", "weight"), best, strict=True)
    )


def with_kinds(seed: int, momentum: float, customers: int = whole.CUSTOMERS) -> dict[str, Any]:
    """All of them on one shop with the dial at ``momentum``."""
    one = whole.Kinds(seed, momentum, customers)
    (train, y), (valid, y_valid), (test, y_test) = (
        sequences.windows_at(one.rows, part)
        for part in (one.rows.train, one.rows.valid, one.rows.test)
    )
    result: dict[str, Any] = {"chosen": {}}
    for name, of in INPUTS.items():
        x, x_valid, x_test = (of(history, one.n) for history in (train, valid, test))
        tried = []
        for pull in PULLS:
            model = linear(x.shape[1], one.n, pull)
            fit(model, (x, y), (x_valid, y_valid), seed, 40, 3, 256)
            said = [softmax(np.asarray(model(given)), axis=1) for given in (x_valid, x_test)]
            loss = whole.of_kinds(said[0], y_valid)["log loss"]
            tried.append((loss, pull, whole.of_kinds(said[1], y_test)))
        _, result["chosen"][name], result[name] = min(tried, key=lambda one: one[0])
    result["two tables"], result["chosen"]["two tables"] = two_tables(one)
    more = Shop(seed, customers + TASTES, whole.PRODUCTS, momentum=momentum)
    seen = whole.HISTORY - sequences.TEST + 1  # of a row that is full, before its first test target
    p = limits.visible_limit(more, test, sequences.TEST, TASTES, seen)
    result["visible limit"] = whole.of_kinds(p, y_test)
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"kinds {dial:g} {seed}": partial(with_kinds, seed, dial)
    for dial in ENDS
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_plain.json",
    (*whole.STORED.code, Path(limits.__file__).resolve(), Path(__file__).resolve()),
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
