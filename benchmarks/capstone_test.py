"""A simulated A/B test: power, and interference by a stock that both sides share (lesson 70).

    python benchmarks/capstone_test.py

needs the fits of capstone_models.py; four minutes of one core. Today's ranker sorts by p(click)
of the crossed logistic regression; the new one by the expected value with the joint network's
chances. What a customer does with a list is drawn from the truth.

In the market with a stock each product has so many units a day. Requests come one after the
other; a purchase that finds no unit is lost. A day's chances of a purchase share a factor. The
truth is the difference of two worlds: everybody has the new ranker, or nobody.

Predicted after a probe of two shops with the visible probabilities: a day has about one wish a
product, ten and more for what sells best, so the test of customers says too much from 8 units
downwards, and nothing wrong from 16 upwards. Days are right at every stock and have twice the
spread; split stock is right but for what halving wastes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_fusion as fusion
import capstone_models as models
import numpy as np
from capstone_fusion import CART, CLICK, market
from capstone_models import JOINT, SEEDS
from parts import Stored
from scipy import stats

from course_utils import paths

TODAY = "crossed logistic regression"
WEIGHTS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Of the money in the new ranker's score; the rest is the click's."""

WEIGHT = 0.2
"""The one that is tested: the largest of ``WEIGHTS`` whose clicks keep their floor in each shop."""
COPIES = 200
"""Drawn visits of each customer."""

REQUESTS, DAYS, TESTS, WORLD_DAYS = 8_000, 14, 40, 150
STOCKS: tuple[int | None, ...] = (2, 4, 8, 16, None)
DAY_SPREAD = 0.1
"""Standard deviation of the logarithm of a day's factor on chances of a purchase."""


@dataclass(frozen=True)
class Arm:
    """What customers do with the lists of one ranker, by request and place ``[R, 10]``.

    Attributes:
        click: p(click) at the place; sale: p(purchase) there.
        cart: p(cart | click), buy: p(purchase | click).
        product, margin: of the product there.
    """

    click: np.ndarray
    sale: np.ndarray
    cart: np.ndarray
    buy: np.ndarray
    product: np.ndarray
    margin: np.ndarray

    @property
    def money(self) -> np.ndarray:
        """``[R]``: expected money of a request, no stock."""
        each = self.click * (CLICK + CART * self.cart) + self.sale * self.margin
        return np.asarray(each.sum(axis=1))


@cache
def arms(seed: int, weight: float = WEIGHT) -> tuple[Arm, Arm, np.ndarray]:
    """Today's ranker, the new one, and the customer of each request, from 0 on."""
    rows, _, of = market(seed)
    margin = rows["margin"].to_numpy()
    p = models.chances(JOINT, seed)
    money = fusion.expected(p, margin)
    scores = (
        models.chances(TODAY, seed)["click"],
        (1 - weight) * p["click"] / p["click"].mean() + weight * money / money.mean(),
    )
    buy, cart = (rows[f"p_{one}_given_click"].to_numpy() for one in ("purchase", "cart"))
    product = rows["product_id"].astype(int).to_numpy() - 1
    made = []
    for score in scores:
        order = of.order(score)
        at = np.take_along_axis(of.at, order, axis=1)
        click = of.seen * np.take_along_axis(of.clicks, order, axis=1)
        made.append(Arm(click, click * buy[at], cart[at], buy[at], product[at], margin[at]))
    return made[0], made[1], np.unique(of.user, return_inverse=True)[1]


def effect(seed: int) -> dict[str, dict[str, float]]:
    """weight -> without a stock, in percent of today's: money, clicks, purchases of a request."""
    found = {}
    for weight in WEIGHTS:
        old, new, _ = arms(seed, weight)
        pairs = {
            "money": (old.money, new.money),
            "clicks": (old.click.sum(axis=1), new.click.sum(axis=1)),
            "purchases": (old.sale.sum(axis=1), new.sale.sum(axis=1)),
        }
        found[f"{weight:g}"] = {
            what: round(float(100 * (b.mean() / a.mean() - 1)), 3) for what, (a, b) in pairs.items()
        }
    return found


# Power.


def visits(seed: int, copies: int) -> np.ndarray:
    """``[2, customers, copies, 2]``: requests and drawn money of a customer, under each ranker."""
    draw = np.random.default_rng([7, seed])
    *both, user = arms(seed)
    found = np.zeros((2, user.max() + 1, copies, 2))
    for side, arm in enumerate(both):
        for copy in range(copies):
            u = draw.random((2, *arm.click.shape))
            clicked = u[0] < arm.click
            cart = clicked & (u[1] < arm.cart)
            bought = clicked & (u[1] < arm.buy)  # whoever buys had it in the cart
            money = (CLICK * clicked + CART * cart + arm.margin * bought).sum(axis=1)
            found[side, :, copy, 0] = np.bincount(user)
            found[side, :, copy, 1] = np.bincount(user, money)
    return found


def term(visit: np.ndarray) -> tuple[float, float]:
    """Money a request, and the standard deviation of a customer's term (delta method)."""
    n, c = visit[..., 0].ravel(), visit[..., 1].ravel()
    r = c.sum() / n.sum()
    return float(r), float(((c - r * n) / n.mean()).std(ddof=1))


def needed(deviations: tuple[float, float], gap: float) -> int:
    """Customers a side for power .8, two-sided at 5 %; the sides may differ in their spread."""
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    return int(np.ceil(z**2 * (deviations[0] ** 2 + deviations[1] ** 2) / gap**2))


def power(seed: int) -> dict[str, float]:
    """How many customers the effect and +1 % need; and the share of alarms at that size.

    The drawn visits are the population here: their difference is the true one.
    """
    seen = visits(seed, COPIES)
    (old, s_old), (new, s_new) = term(seen[0]), term(seen[1])
    size = needed((s_old, s_new), new - old)
    draw = np.random.default_rng([8, seed])
    alarms = 0
    for _ in range(300):
        found = []
        for side in seen:
            who = draw.integers(side.shape[0], size=size), draw.integers(side.shape[1], size=size)
            rate, deviation = term(side[who])
            found.append((rate, deviation**2 / size))
        z = (found[1][0] - found[0][0]) / np.sqrt(found[0][1] + found[1][1])
        alarms += bool(abs(z) > 1.96)
    return {
        "money a request": round(old, 5),
        "deviations": [round(s_old, 4), round(s_new, 4)],
        "effect, %": round(100 * (new / old - 1), 3),
        "customers a side": size,
        "alarms": round(alarms / 300, 3),
        "for 1 %": needed((s_old, s_new), 0.01 * old),
    }


# A stock.


def sold(product: np.ndarray, stock: int | None) -> np.ndarray:
    """Which of a day's wishes, in the order of time, find a unit of their product."""
    if stock is None:
        return np.ones(len(product), bool)
    order = np.argsort(product, kind="stable")
    ranked = product[order]
    new = np.r_[True, ranked[1:] != ranked[:-1]] if len(ranked) else np.zeros(0, bool)
    place = np.arange(len(ranked)) - np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
    found = np.empty(len(product), bool)
    found[order] = place < stock
    return found


def day(
    draw: np.random.Generator,
    both: tuple[Arm, Arm],
    share: float,
    stock: int | None,
    split: bool = False,
) -> np.ndarray:
    """``[2, 2]``: side -> requests and money of one day.

    Args:
        share: of customers who have the new ranker; every request is another customer's.
        split: each side has its own half of every stock.
    """
    factor = np.exp(DAY_SPREAD * draw.normal())
    request = draw.integers(len(both[0].sale), size=REQUESTS)
    side = (draw.random(REQUESTS) < share).astype(int)
    u = draw.random((REQUESTS, 10), dtype=np.float32)
    sale = np.where(side[:, None] == 1, both[1].sale[request], both[0].sale[request])
    who, place = np.nonzero(u < factor * sale)
    product, margin = (
        np.where(
            side[who] == 1,
            getattr(both[1], name)[request[who], place],
            getattr(both[0], name)[request[who], place],
        )
        for name in ("product", "margin")
    )
    if split and stock is not None:
        found = sold(2 * product.astype(int) + side[who], max(1, stock // 2))
    else:
        found = sold(product, stock)
    money = np.bincount(side[who][found], margin[found], minlength=2)
    # Clicks and carts know no stock; their money is taken at its expectation.
    besides = [
        (arm.click * (CLICK + CART * arm.cart)).sum(axis=1)[request[side == s]].sum()
        for s, arm in enumerate(both)
    ]
    return np.stack([np.bincount(side, minlength=2), money + besides], axis=1)


def gap(found: np.ndarray) -> float:
    """New minus old money a request, in percent of the old."""
    rate = found[:, 1] / found[:, 0]
    return float(100 * (rate[1] / rate[0] - 1))


def stocked(seed: int, stock: int | None) -> dict[str, Any]:
    """The truth, and what three designs say: mean and standard deviation over tests."""
    old, new, _ = arms(seed)
    both = old, new
    draw = np.random.default_rng([9, seed, 0 if stock is None else stock])
    # Both worlds have the same days and requests, so that their difference is no matter of luck.
    worlds = []
    for side in (0.0, 1.0):
        same = np.random.default_rng([10, seed])
        worlds.append(sum(day(same, both, side, stock) for _ in range(WORLD_DAYS)))
    truth = gap(np.array([worlds[0][0], worlds[1][1]]))
    designs: dict[str, list[float]] = {"customers": [], "days": [], "split stock": []}
    for _ in range(TESTS):
        for name in ("customers", "split stock"):
            split = name == "split stock"
            days = [day(draw, both, 0.5, stock, split) for _ in range(DAYS)]
            designs[name].append(gap(np.sum(days, axis=0)))
        which = draw.permutation(np.arange(DAYS) % 2)
        days = [day(draw, both, float(side), stock) for side in which]
        designs["days"].append(gap(np.sum(days, axis=0)))
    return {
        "truth": round(truth, 3),
        **{
            name: [round(float(np.mean(of)), 3), round(float(np.std(of, ddof=1)), 3)]
            for name, of in designs.items()
        },
    }


def at_stock(stock: int | None) -> list[dict[str, Any]]:
    return [stocked(seed, stock) for seed in SEEDS]


def small() -> dict[str, float]:
    """For the test: which of some wishes find a unit, and the size of a test."""
    draw = np.random.default_rng(0)
    wishes = draw.integers(20, size=200)
    return {
        "sold of 1": int(sold(wishes, 1).sum()),
        "sold of 4": int(sold(wishes, 4).sum()),
        "sold": int(sold(wishes, None).sum()),
        "needed": needed((2.0, 3.0), 0.05),
    }


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "effects": lambda: [effect(seed) for seed in SEEDS],
    "power": lambda: [power(seed) for seed in SEEDS],
    **{f"stock {stock}": partial(at_stock, stock) for stock in STOCKS},
}

STORED = Stored(
    paths.RESULTS / "capstone_test.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
