"""The capstone's rule on its own candidates, in tests of 14 days; and learned scores (lesson 70).

    python benchmarks/capstone_decide.py

needs the fits of capstone_models.py; four minutes of one core. *Three crossed regressions* is
today's click model and its like for cart and purchase; *best of each task* has its click, and the
joint network's cart and purchase. Tests are of 14 days with 8,000 requests a day, each of another
customer, half of them on each side, and no stock that is short; what a customer does is drawn from
the truth. Each test has intervals of money, clicks and purchases.

Predicted before measuring: best of each task costs fewer clicks at each weight than the one
network, by about what its click is better; purchases fall as they do with the one network. Of the
regressions' tests, with their effects known: half launch at .2, and more than at .2 at .1 where
purchases are a guardrail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_fusion as fusion
import capstone_models as models
import capstone_test as tested
import numpy as np
from capstone_fusion import CART, CLICK
from capstone_models import JOINT, SEEDS
from capstone_test import Arm
from parts import Stored
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor, Ridge

from course_utils import paths

BEST, PLE, REGRESSIONS = "best of each task", "PLE on crosses", tested.TODAY
TRIED = (0.1, 0.2, 0.3)
"""Tested: the largest whose clicks keep their floor in each shop, and two below it."""

SIDE, TESTS = 56_000, 40
"""Requests of each side in 14 days of 8,000; tests of each shop."""

Ends = tuple[float, float]


def chances(name: str, seed: int) -> dict[str, np.ndarray]:
    """What a ranker says of each test row at position 1."""
    if name != BEST:
        return models.chances(name, seed)
    return {**models.chances(JOINT, seed), "click": models.chances(tested.TODAY, seed)["click"]}


def arm(seed: int, score: np.ndarray) -> Arm:
    """What customers do with the lists that are sorted by a score of each test row."""
    rows, _, of = fusion.market(seed)
    order = of.order(score)
    at = np.take_along_axis(of.at, order, axis=1)
    buy, cart = (rows[f"p_{one}_given_click"].to_numpy() for one in ("purchase", "cart"))
    product = rows["product_id"].astype(int).to_numpy() - 1
    click = of.seen * np.take_along_axis(of.clicks, order, axis=1)
    margin = rows["margin"].to_numpy()[at]
    return Arm(click, click * buy[at], cart[at], buy[at], product[at], margin)


def between(p: fusion.Chances, margin: np.ndarray, weight: float) -> np.ndarray:
    """Clicks to money by one weight."""
    money = fusion.expected(p, margin)
    both = (p["click"] / p["click"].mean(), money / money.mean())
    return np.asarray((1 - weight) * both[0] + weight * both[1])


def mixed(p: fusion.Chances, seed: int, weight: float) -> np.ndarray:
    return between(p, fusion.market(seed)[0]["margin"].to_numpy(), weight)


def today(seed: int) -> Arm:
    return arm(seed, chances(BEST, seed)["click"])


def ends(old: np.ndarray, new: np.ndarray) -> Ends:
    """95 % interval of the new mean over the old one, in percent (delta method)."""
    a, b = old.mean(), new.mean()
    ratio = b / a
    half = 1.96 * np.sqrt(new.var(ddof=1) / len(new) + ratio**2 * old.var(ddof=1) / len(old)) / a
    return round(float(100 * (ratio - 1 - half)), 2), round(float(100 * (ratio - 1 + half)), 2)


def visited(draw: np.random.Generator, of: Arm, n: int) -> dict[str, np.ndarray]:
    """What n requests bring, each of another customer: money, clicks, purchases."""
    request = draw.integers(len(of.click), size=n)
    u = draw.random((2, n, of.click.shape[1]), dtype=np.float32)
    clicked = u[0] < of.click[request]
    # Whoever buys had it in the cart: one number decides both.
    cart = clicked & (u[1] < of.cart[request])
    bought = clicked & (u[1] < of.buy[request])
    money = (CLICK * clicked + CART * cart + of.margin[request] * bought).sum(axis=1)
    return {"money": money, "clicks": clicked.sum(axis=1), "purchases": bought.sum(axis=1)}


def test_of(draw: np.random.Generator, old: Arm, new: Arm, n: int) -> dict[str, Ends]:
    a, b = (visited(draw, one, n) for one in (old, new))
    return {what: ends(a[what], b[what]) for what in a}


def tests(name: str, weights: tuple[float, ...]) -> dict[str, list[list[dict[str, Ends]]]]:
    """weight -> ``[seed][test]`` of what -> interval: a ranker against today."""
    found: dict[str, list[list[dict[str, Ends]]]] = {f"{weight:g}": [] for weight in weights}
    for seed in SEEDS:
        old, p = today(seed), chances(name, seed)
        for weight in weights:
            new, draw = arm(seed, mixed(p, seed, weight)), np.random.default_rng([11, seed])
            found[f"{weight:g}"].append([test_of(draw, old, new, SIDE) for _ in range(TESTS)])
    return found


def learned() -> dict[str, list[float]]:
    """way -> percent lost, one a seed: other scores learned in the shadow, with the candidate's
    three chances. Linear: click, click x cart, click x purchase x margin, no intercept. Poisson:
    the four logarithms. Trees: as in capstone_fusion.py, with the expected value as a column; or
    told what the formula knows: rows weigh by p(examined), leaves have 200 rows or more, and the
    score rises in each chance and the margin; or small ones on what the scaled value leaves."""
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        rows, _, of = fusion.market(seed)
        p, margin = models.chances(JOINT, seed), rows["margin"].to_numpy()
        y, first = fusion.realised(rows), np.arange(len(rows)) < fusion.TUNE
        seen = rows["p_examine"].to_numpy()
        logs = np.log(np.column_stack([*(p[task] for task in models.TASKS), margin]))
        scenario = rows["scenario"].astype("category").cat.codes
        value = fusion.expected(p, margin)
        terms = np.column_stack(
            [p["click"], p["click"] * p["cart"], p["click"] * p["purchase"] * margin]
        )
        plain = (logs - logs[first].mean(axis=0)) / logs[first].std(axis=0)
        columns = np.column_stack([logs, scenario, np.log(value)])
        trees = HistGradientBoostingRegressor(
            max_iter=60,
            learning_rate=0.05,
            max_leaf_nodes=7,
            l2_regularization=10,
            random_state=seed,
        )
        weights, small_trees = seen[first], {"learning_rate": 0.05, "min_samples_leaf": 200}
        signs = HistGradientBoostingRegressor(
            max_iter=60,
            max_leaf_nodes=7,
            l2_regularization=10,
            monotonic_cst=[1, 1, 1, 1, 0],
            random_state=seed,
            **small_trees,
        )
        rest = HistGradientBoostingRegressor(
            max_iter=15, max_leaf_nodes=3, l2_regularization=10, random_state=seed, **small_trees
        )
        plain_columns = columns[:, :5]
        scale = (weights * y[first] * value[first]).sum() / (weights * value[first] ** 2).sum()
        left = (y - scale * value)[first]
        linear = Ridge(alpha=1e-3, fit_intercept=False, positive=True)
        poisson = PoissonRegressor(alpha=0.01, max_iter=500)
        scores = {
            "trees with the expected value": trees.fit(columns[first], y[first]).predict(columns),
            "trees with weights and signs": signs.fit(
                plain_columns[first], y[first], sample_weight=weights
            ).predict(plain_columns),
            "expected value and small trees": scale * value
            + rest.fit(plain_columns[first], left, sample_weight=weights).predict(plain_columns),
            "linear": linear.fit(terms[first], y[first], sample_weight=weights).predict(terms),
            "Poisson": poisson.fit(plain[first], y[first]).predict(plain),
        }
        orders = {way: of.order(np.asarray(score)) for way, score in scores.items()}
        for way, (lost, *_) in fusion.shares(of, orders).items():
            found.setdefault(way, []).append(lost)
    return found


def small() -> dict[str, Ends]:
    """For the test: one test of two made-up rankers."""
    draw = np.random.default_rng(0)
    click = draw.uniform(0.05, 0.2, size=(50, 10))
    buy, product = np.full_like(click, 0.2), np.zeros(click.shape, int)
    both = [
        Arm(one, one * buy, 2 * buy, buy, product, np.full_like(click, 9.0))
        for one in (click, 1.1 * click)
    ]
    return test_of(draw, both[0], both[1], 4_000)


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "learned": learned,
    f"tests, {REGRESSIONS}": partial(tests, REGRESSIONS, TRIED),
    f"tests, {BEST}": partial(tests, BEST, (0.2,)),
}

STORED = Stored(
    paths.RESULTS / "capstone_decide.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
