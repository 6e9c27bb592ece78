"""The next kind of product by plain models of the past, and by all that it tells (lesson 52).

    python benchmarks/next_action_plain.py

adds to ``next_action.py`` the rivals that tell taste from order: a logistic regression on how often
each kind was bought, one that reads what was bought last too, and two tables of counts multiplied.
Each chooses on the validation rows. Beside them stands the visible limit: what one could say who
knows how the shop draws purchases, but of a customer only the window that the models read. Kept in
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
import pandas as pd
from parts import Stored
from scipy.special import softmax

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour import features, sequences
from course_utils.behaviour.fitting import fit
from course_utils.shop import Shop
from course_utils.shop.momentum import KEEP, PULL

PULLS = (1e-4, 3e-4, 1e-3, 3e-3)
"""Of the squared weights, among which each model chooses."""

SECOND = (0.3, 0.6, 1.0)
"""What the table of the kind before the last may weigh beside that of the last."""

TASTES = 4000
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
    (train, y), valid, test = one.train, one.valid, one.test
    share = (np.bincount(y, minlength=one.n) + 1.0) / (len(y) + one.n)
    second = before_last(train) >= 0

    def said(history: np.ndarray, strength: float, weight: float) -> np.ndarray:
        first = features.markov_table(whole.latest(train), y, one.n, strength)
        before = features.markov_table(before_last(train)[second], y[second], one.n, strength)
        lift = np.where(
            (before_last(history) >= 0)[:, None], before[before_last(history)] / share, 1.0
        )
        p = first[whole.latest(history)] * lift**weight
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    tried = list(product(whole.STRENGTHS, SECOND))
    losses = [whole.of_kinds(said(valid[0], *how), valid[1])["log loss"] for how in tried]
    strength, weight = tried[int(np.argmin(losses))]
    return (
        whole.of_kinds(said(test[0], strength, weight), test[1]),
        {"strength": strength, "weight": weight},
    )


def remaining(weights: np.ndarray, of_product: np.ndarray, seed: int) -> np.ndarray:
    """``[most + 1, tastes, kinds]``: a kind's summed weight once so many of it are bought.

    Args:
        weights: of the products, ``[tastes, products]``; 0 for what is bought already.
        of_product: its kind; seed: of the order in which a taste buys the products of a kind.
    """
    draw = np.random.default_rng(seed)
    n = of_product.max() + 1
    most = int(np.bincount(of_product).max())
    left = np.full((most + 1, len(weights), n), 1e-20, dtype=np.float32)
    for k in range(n):
        mine = weights[:, of_product == k]
        with np.errstate(divide="ignore"):
            order = np.argsort(-np.log(mine) - draw.gumbel(size=mine.shape), axis=1)
        mine = np.take_along_axis(mine, order, axis=1)
        for taken in range(mine.shape[1]):
            left[taken, :, k] = np.maximum(mine[:, taken:].sum(axis=1), 1e-20)
    return left


def visible(one: whole.Kinds, seed: int, momentum: float) -> np.ndarray:
    """What the windows tell to one who knows the shop: ``[m, kinds]``, of the test windows.

    With u a taste and what it has bought before the window, E_u(k) the summed weight of the
    products of kind k that it has not, and r what the purchases in the window pull::

        p(k | window) = sum_u p(u | window) p(k | u, window)
        p(k | u, window) ~ E_u(k) exp(momentum r(k))

    Other customers of the same shop stand for all u. A customer's four test windows are read in one
    go: the last sees 23 kinds. Dates of release are not seen; late products count as on sale.
    """
    big = Shop(seed, whole.CUSTOMERS + TASTES, whole.PRODUCTS, momentum=momentum)
    others = big.users["user_id"].tolist()[whole.CUSTOMERS :]
    late = np.full(TASTES, one.shop.purchases["timestamp"].max())
    weights = big.next_purchase(others, [[]] * TASTES, late)
    before = big.purchases[big.purchases["user_id"].isin(others)]
    ago = before.groupby("user_id", sort=False).cumcount(ascending=False)
    before = before[ago >= whole.HISTORY + sequences.TEST]
    used = weights.copy()
    products = pd.Index(big.products["product_id"])
    used[
        pd.Index(others).get_indexer(before["user_id"]), products.get_indexer(before["product_id"])
    ] = 0.0
    fresh, later = (remaining(one_of, one.of_product, seed) for one_of in (weights, used))
    result = np.zeros((len(one.test[0]), one.n))
    for row in range(0, len(result), sequences.TEST):
        windows = one.test[0][row : row + sequences.TEST]
        first = windows[0][windows[0] > 0] - 1
        left = later if len(first) == whole.HISTORY else fresh
        now, pull = left[0].copy(), np.zeros(one.n)
        taken, fits = np.zeros(one.n, dtype=int), np.zeros(TASTES)
        for step, kind in enumerate([*first, *whole.latest(windows[1:])]):
            strength = np.exp(momentum * pull).astype(np.float32)
            fits += np.log(now[:, kind] * strength[kind] / (now @ strength))
            taken[kind] = min(taken[kind] + 1, len(left) - 1)
            now[:, kind] = left[taken[kind], :, kind]
            pull = KEEP * pull + PULL[kind]
            if step >= len(first) - 1:
                strength = np.exp(momentum * pull).astype(np.float32)
                p = (softmax(fits) / (now @ strength)) @ now * strength
                result[row + step - len(first) + 1] = p / p.sum()
    return result


def with_kinds(seed: int, momentum: float, customers: int = whole.CUSTOMERS) -> dict[str, Any]:
    """All of them on one shop with the dial at ``momentum``."""
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
    result["two tables"], result["chosen"]["two tables"] = two_tables(one)
    result["visible limit"] = whole.of_kinds(visible(one, seed, momentum), y_test)
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"kinds {dial:g} {seed}": partial(with_kinds, seed, dial)
    for dial in whole.DIALS
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_plain.json",
    (*whole.STORED.code, Path(__file__).resolve()),
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
