"""From three chances to one list: fusion against the truth, calibration, two goals (lesson 70).

    python benchmarks/capstone_fusion.py

needs the fits of capstone_models.py, and measures them where the cache has none; two minutes of
one core. The first ``TUNE`` test rows, whose purchases have all come, are for calibration and for
what is tuned on logged lists; the whole lists after them are judged by the truth.

A list's value is the sum over its places of p(examined there) times what a product brings if
examined: a click, a cart and the margin of a purchase, each by its true chance.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_models as models
import numpy as np
import pandas as pd
from capstone_models import JOINT, NINE, SEEDS, TASKS, TWINS
from parts import Stored
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingRegressor

from course_utils import paths
from course_utils.shop.sessions import SCENARIOS

TUNE = 10_000
"""Test rows to calibrate and to tune on."""

CLICK, CART = 0.05, 0.3
"""What a click and a cart are worth, in the shop's money. A purchase is worth its margin."""

Chances = Mapping[str, np.ndarray]


def margins(seed: int, n: int = 1_000) -> np.ndarray:
    """Share of the price that is left of a sale, by product: 5 to 40 %. The shop knows it."""
    return np.random.default_rng([70, seed]).uniform(0.05, 0.4, size=n)


@dataclass(frozen=True)
class Lists:
    """Requests as rows of ten places; a strip has five, the rest is empty.

    Attributes:
        at: ``[R, 10]`` row numbers of the test rows, -1 where empty.
        seen: ``[R, 10]`` p(examined) of the place, 0 where empty.
        worth, clicks: ``[R, 10]`` what each product brings if examined, in money and in clicks.
        scenario, user: ``[R]``.
    """

    at: np.ndarray
    seen: np.ndarray
    worth: np.ndarray
    clicks: np.ndarray
    scenario: np.ndarray
    user: np.ndarray

    def spread(self, of_row: np.ndarray, empty: float = -np.inf) -> np.ndarray:
        """A number of each test row -> ``[R, 10]``."""
        return np.where(self.at >= 0, of_row[self.at], empty)

    def order(self, of_row: np.ndarray) -> np.ndarray:
        """``[R, 10]``: places in the log, best first by a number of each test row."""
        return np.argsort(-self.spread(of_row), axis=1, kind="stable")

    def brought(self, order: np.ndarray, what: str = "worth") -> np.ndarray:
        """``[R]``: expected money, or clicks, of each list in this order."""
        return (self.seen * np.take_along_axis(getattr(self, what), order, axis=1)).sum(axis=1)


def test_rows(seed: int, relatedness: float = models.OWN) -> pd.DataFrame:
    """Test rows with ``margin``, the true ``attracts``: p(click | examined), and ``value``."""
    rows = models.rows_of(seed, relatedness).iloc[models.CUTOFF :].reset_index(drop=True)
    product = rows["product_id"].astype(int).to_numpy() - 1
    margin = rows["price"].to_numpy() * margins(seed)[product]
    attracts = (rows["p_click"] / rows["p_examine"]).to_numpy()
    after = CLICK + CART * rows["p_cart_given_click"] + margin * rows["p_purchase_given_click"]
    return rows.assign(margin=margin, attracts=attracts, value=attracts * after.to_numpy())


def lists(rows: pd.DataFrame, part: slice) -> Lists:
    """The whole lists among these test rows."""
    numbers = np.arange(len(rows))[part]
    request = rows["request"].to_numpy()[part]
    place = rows["position"].astype(int).to_numpy()[part] - 1
    ids, of = np.unique(request, return_inverse=True)
    at = np.full((len(ids), 10), -1)
    at[of, place] = numbers
    scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
    first = at[:, 0]
    whole = (first >= 0) & ((at >= 0).sum(axis=1) == np.where(scenario[first] == 2, 5, 10))
    at, first = at[whole], first[whole]
    full = at >= 0
    return Lists(
        at,
        np.where(full, rows["p_examine"].to_numpy()[at], 0.0),
        np.where(full, rows["value"].to_numpy()[at], 0.0),
        np.where(full, rows["attracts"].to_numpy()[at], 0.0),
        scenario[first],
        rows["user_id"].to_numpy()[first],
    )


@cache
def market(seed: int) -> tuple[pd.DataFrame, Lists, Lists]:
    """Test rows; lists to tune on; lists to judge."""
    rows = test_rows(seed)
    return rows, lists(rows, slice(0, TUNE)), lists(rows, slice(TUNE, None))


def true_of(rows: pd.DataFrame) -> Chances:
    return {
        "click": rows["attracts"].to_numpy(),
        "cart": rows["p_cart_given_click"].to_numpy(),
        "purchase": rows["p_purchase_given_click"].to_numpy(),
    }


def visible_of(seed: int) -> Chances:
    """The best chances from the columns that models read, at position 1 (where p(examined) = 1)."""
    twice = models.shop(seed).visible_probabilities(
        models.rows_of(seed).iloc[models.CUTOFF :].assign(position=1)
    )
    names = ("p_click", "p_cart_given_click", "p_purchase_given_click")
    return {task: twice[name].to_numpy() for task, name in zip(TASKS, names, strict=True)}


# Ways to make one score of three chances.


def expected(p: Chances, margin: np.ndarray) -> np.ndarray:
    return p["click"] * (CLICK + CART * p["cart"] + margin * p["purchase"])


def powers(p: Chances, money: np.ndarray, a: float, b: float, c: float) -> np.ndarray:
    logs = (np.log(np.maximum(one, 1e-12)) for one in (p["click"], p["purchase"], money))
    return sum(w * one for w, one in zip((a, b, c), logs, strict=True))


def realised(rows: pd.DataFrame) -> np.ndarray:
    """What each row brought in the log, divided by the probability that it was examined."""
    came = CLICK * rows["click"] + CART * rows["cart"] + rows["margin"] * rows["purchase"]
    return (came / rows["p_examine"]).to_numpy()


POWERS = [(1.0, b, c) for b in np.arange(0, 2.1, 0.25) for c in np.arange(0, 2.1, 0.25)]
POWERS.sort(key=lambda w: abs(w[1] - 1) + abs(w[2] - 1))


def tuned_powers(p: Chances, rows: pd.DataFrame, of: Lists) -> tuple[np.ndarray, list[float]]:
    """The powers whose lists bring most of what the tuning part's log brought, propensities out."""
    came = of.spread(realised(rows), 0.0)
    some = came.any(axis=1)
    part = Lists(of.at[some], of.seen[some], came[some], came[some], of.scenario[some], of.user)
    margin = rows["margin"].to_numpy()
    best = max(POWERS, key=lambda w: part.brought(part.order(powers(p, margin, *w))).sum())
    return powers(p, margin, *best), list(best)


def learned_score(p: Chances, rows: pd.DataFrame, seed: int) -> np.ndarray:
    """Trees that learn the realised value from the three chances, the margin and the scenario."""
    scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
    x = np.column_stack([*(logit(p[task]) for task in TASKS), np.log(rows["margin"]), scenario])
    model = HistGradientBoostingRegressor(
        max_iter=60, learning_rate=0.05, max_leaf_nodes=7, l2_regularization=10, random_state=seed
    )
    return model.fit(x[:TUNE], realised(rows)[:TUNE]).predict(x)


# Calibration: predicted to actual, by scenario.


def factors(y: np.ndarray, p: np.ndarray, scenario: np.ndarray, k: float) -> np.ndarray:
    """One factor a scenario, shrunk towards that of all: (sum y + k r) / (sum p + k)."""
    r = y.sum() / p.sum()
    found = [(y[scenario == s].sum() + k * r) / (p[scenario == s].sum() + k) for s in range(3)]
    return np.array(found)


def platt(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """a, b of expit(a + b logit p), by log loss."""
    z = logit(p)

    def loss(w: np.ndarray) -> float:
        q = w[0] + w[1] * z
        return float(np.logaddexp(0, q).sum() - (y * q).sum())

    found = minimize(loss, np.array([0.0, 1.0]), method="BFGS").x
    return float(found[0]), float(found[1])


SHRINK = 10.0
"""Purchases that the prior counts as; the choice between 3 and 100 hardly matters."""


def calibrations(
    y: np.ndarray, p: np.ndarray, scenario: np.ndarray, tune: np.ndarray
) -> dict[str, np.ndarray]:
    """Way -> chances of all rows, each map fitted on the rows of ``tune``."""
    y_t, p_t, s_t = y[tune], p[tune], scenario[tune]
    every = factors(y_t, p_t, np.zeros_like(s_t), 0.0)[0]
    a, b = platt(y_t, p_t)
    each = np.empty_like(p)
    for s in range(3):
        a_s, b_s = platt(y_t[s_t == s], p_t[s_t == s])
        each[scenario == s] = expit(a_s + b_s * logit(p[scenario == s]))
    found = {
        "none": p,
        "one factor": p * every,
        "a factor a scenario": p * factors(y_t, p_t, s_t, 0.0)[scenario],
        "shrunk factors": p * factors(y_t, p_t, s_t, SHRINK)[scenario],
        "one curve": expit(a + b * logit(p)),
        "a curve a scenario": each,
    }
    return {way: np.clip(one, 1e-6, 1 - 1e-6) for way, one in found.items()}


def calibration_of(name: str, seed: int) -> dict[str, dict[str, list[float]]]:
    """way -> scenario -> [predicted over true, log loss] of the purchase on judged clicks."""
    rows, _, _of = market(seed)
    p = models.chances(name, seed)["purchase"]
    scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
    clicked = rows["click"].to_numpy() == 1
    tune = clicked & (np.arange(len(rows)) < TUNE)
    weight, truth = rows["p_click"].to_numpy(), rows["p_purchase_given_click"].to_numpy()
    found: dict[str, dict[str, list[float]]] = {}
    for way, q in calibrations(rows["purchase"].to_numpy(), p, scenario, tune).items():
        for s, word in [*enumerate(SCENARIOS), (None, "all")]:
            at = np.arange(len(rows)) >= TUNE
            at = at if s is None else at & (scenario == s)
            w, t, said = weight[at], truth[at], q[at]
            loss = -(w * (t * np.log(said) + (1 - t) * np.log1p(-said))).sum() / w.sum()
            ratio = (w * said).sum() / (w * t).sum()
            found.setdefault(way, {})[word] = [round(float(ratio), 5), round(float(loss), 6)]
    return found


def calibrated(name: str, seed: int) -> dict[str, np.ndarray]:
    """Chances of a contender with shrunk factors by scenario, all three tasks."""
    rows, _, _ = market(seed)
    p = models.chances(name, seed)
    scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
    first = np.arange(len(rows)) < TUNE
    clicked = rows["click"].to_numpy() == 1
    # A click was said for position 1: what is expected of the log is that times p(examined).
    said = {**p, "click": p["click"] * rows["p_examine"].to_numpy()}
    out = {}
    for task in TASKS:
        tune = first if task == "click" else first & clicked
        f = factors(rows[task].to_numpy()[tune], said[task][tune], scenario[tune], SHRINK)
        out[task] = np.clip(p[task] * f[scenario], 1e-6, 1 - 1e-6)
    return out


# What each way keeps of the optimum.

HAND = (1.0, 0.5, 0.3)
"""A product of powers as somebody writes it down: p(click) p(buy)^.5 price^.3."""


def shares(of: Lists, orders: Mapping[str, np.ndarray]) -> dict[str, list[float]]:
    """way -> [share lost of what the optimum has over the log's order, money per 1,000 requests,
    clicks per 1,000 requests]."""
    log = of.brought(np.tile(np.arange(10), (len(of.at), 1))).mean()
    best = of.brought(np.argsort(-np.where(of.at >= 0, of.worth, -np.inf), axis=1)).mean()
    found = {}
    for way, order in orders.items():
        money, clicks = (of.brought(order, what).mean() for what in ("worth", "clicks"))
        lost = 100 * (best - money) / (best - log)
        found[way] = [round(float(one), 4) for one in (lost, 1000 * money, 1000 * clicks)]
    return found


def formulas(p: Chances, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Formulas that are not tuned."""
    margin, price = rows["margin"].to_numpy(), rows["price"].to_numpy()
    return {
        "p(click)": p["click"],
        "hand formula": powers(p, price, *HAND),
        "p(click) p(buy) price": powers(p, price, 1, 1, 1),
        "p(click) p(buy) margin": powers(p, margin, 1, 1, 1),
        "expected value": expected(p, margin),
    }


def fusion() -> dict[str, Any]:
    """Every way with the joint network's chances, and every formula with the true ones."""
    found: dict[str, Any] = {"joint": {}, "true": {}, "powers": []}
    for seed in SEEDS:
        rows, tune, of = market(seed)
        p = models.chances(JOINT, seed)
        scores = formulas(p, rows)
        scores["tuned powers"], best = tuned_powers(p, rows, tune)
        scores["learned score"] = learned_score(p, rows, seed)
        scores["calibrated expected value"] = expected(calibrated(JOINT, seed), rows["margin"])
        found["powers"].append(best)
        orders = {"the log's order": np.tile(np.arange(10), (len(of.at), 1))}
        orders |= {way: of.order(np.asarray(score)) for way, score in scores.items()}
        _add(found["joint"], shares(of, orders))
        truth = {way: of.order(s) for way, s in formulas(true_of(rows), rows).items()}
        _add(found["true"], shares(of, truth))
    return found


def contenders() -> dict[str, Any]:
    """The expected value with every contender's chances, with the visible ones and the truth."""
    found: dict[str, Any] = {}
    for seed in SEEDS:
        rows, _, of = market(seed)
        margin = rows["margin"].to_numpy()
        orders = {
            name: of.order(expected(models.chances(name, seed), margin))
            for name in (one.name for one in models.kept_contenders())
        }
        # The click of who says clicks best, the rest of the joint network.
        best_click = models.chances("crossed logistic regression", seed)["click"]
        mixed = {**models.chances(JOINT, seed), "click": best_click}
        orders[MIXED] = of.order(expected(mixed, margin))
        orders["visible limit"] = of.order(expected(visible_of(seed), margin))
        orders["truth"] = of.order(expected(true_of(rows), margin))
        _add(found, shares(of, orders))
    return found


MIXED = "crossed regression's click, joint network's cart and purchase"

WEIGHTS = [round(w, 2) for w in np.linspace(0, 1, 21)]


def pareto() -> dict[str, Any]:
    """who -> ``[seed][weight]`` of [clicks, money] per 1,000 requests."""
    found: dict[str, Any] = {}
    for seed in SEEDS:
        rows, _, of = market(seed)
        margin = rows["margin"].to_numpy()
        who = {
            "truth": true_of(rows),
            "joint": models.chances(JOINT, seed),
            "twins": models.chances(TWINS, seed),
            "nine twins": models.chances(NINE, seed),
        }
        for name, p in who.items():
            click, money = p["click"], expected(p, margin)
            line = []
            for w in WEIGHTS:
                order = of.order((1 - w) * click / click.mean() + w * money / money.mean())
                pair = (of.brought(order, "clicks").mean(), of.brought(order).mean())
                line.append([round(float(1000 * one), 2) for one in pair])
            found.setdefault(name, []).append(line)
    return found


def calibration() -> dict[str, Any]:
    """way -> scenario -> [ratios, losses], one a seed, of the joint network's purchase."""
    found: dict[str, Any] = {}
    for seed in SEEDS:
        for way, by in calibration_of(JOINT, seed).items():
            for scenario, (ratio, loss) in by.items():
                into = found.setdefault(way, {}).setdefault(scenario, [[], []])
                into[0].append(ratio)
                into[1].append(loss)
    return found


def _add(into: dict[str, Any], one: Mapping[str, list[float]]) -> None:
    for way, numbers in one.items():
        for k, number in enumerate(numbers):
            into.setdefault(way, [[], [], []])[k].append(number)


def small() -> dict[str, list[float]]:
    """For the test: formulas with the true chances, shop 0."""
    rows, _, of = market(0)
    return shares(of, {way: of.order(s) for way, s in formulas(true_of(rows), rows).items()})


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "fusion": fusion,
    "contenders": contenders,
    "calibration": calibration,
    "pareto": pareto,
}

STORED = Stored(
    paths.RESULTS / "capstone_fusion.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
