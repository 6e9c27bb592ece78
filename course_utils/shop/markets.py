"""Many markets beside the log: 3 to 50 scenarios that differ in three ways, all of them known.

A market is a place where the shop shows its products: a site, a mail, a partner's page. They
share customers and products, and differ in size, in who comes and what is shown, and in what
draws clicks. Each has traits that a model can read, so it may learn from the markets that are
like it, or guess a market that it has never seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.shop.buying import Buying
from course_utils.shop.catalogue import CATEGORIES
from course_utils.shop.dials import Dials
from course_utils.shop.funnel import Score, Seen, base_for
from course_utils.shop.people import SEGMENTS
from course_utils.shop.streams import settled, stream
from course_utils.shop.truth import SPREAD, cart_chance, possible

LEAST, MOST = 3, 50
"""How many markets there may be."""

TRAITS = ("trait_1", "trait_2", "trait_3", "trait_4")
DIRECTIONS = 4
"""Of what draws clicks in one market and not in another."""

CLICK_RATE, PURCHASE_RATE = 0.10, 0.10
"""Mean chance of a click per impression, and of a purchase per click, in an average market."""

RATE_SPREAD = 0.3
"""Standard deviation between markets of the logarithm of either rate."""

BLOCK = 65_536
REFERENCE = 4096
"""Rows of a block, each from its own stream; rows of a market that meet its rates."""

OF_USER = ["user_id", "segment", "city", "price_sensitivity", "tenure_days"]
OF_PRODUCT = ["product_id", "category", "brand", "price"]


@dataclass(frozen=True)
class Kinds:
    """What makes each of the ``MOST`` markets what it is.

    Every entry but the traits is sqrt(explained) times a weighted sum of the traits, of variance
    1, plus sqrt(1 - explained) times something of the market's own.

    Attributes:
        traits: ``[MOST, traits]``, mean 0 and deviation 1 over markets.
        taste: ``[MOST, DIRECTIONS]``, of length 1: what draws clicks here.
        comes: ``[MOST, segments]``; shown: ``[MOST, categories]``; dear: ``[MOST]``: how much
            more often than elsewhere a segment comes, a category and a dear product is shown.
        rates: ``[MOST, 2]``, of clicks and of purchases.
    """

    traits: np.ndarray
    taste: np.ndarray
    comes: np.ndarray
    shown: np.ndarray
    dear: np.ndarray
    rates: np.ndarray

    @classmethod
    def draw(cls, rng: np.random.Generator, explained: float) -> Kinds:
        """All markets, so that fewer of them are the first of more."""
        widths = np.cumsum([DIRECTIONS, len(SEGMENTS), len(CATEGORIES), 1, 2])
        traits = np.round(rng.normal(size=(MOST, len(TRAITS))), 3)
        weight = rng.normal(size=(len(TRAITS), widths[-1]))
        weight /= np.linalg.norm(weight, axis=0)
        own = rng.normal(size=(MOST, widths[-1]))
        all_ = settled(np.sqrt(explained) * traits @ weight + np.sqrt(1.0 - explained) * own)
        taste, comes, shown, dear, rates = np.split(all_, widths[:-1], axis=1)
        taste = settled(taste / np.linalg.norm(taste, axis=1, keepdims=True))
        return cls(traits, taste, comes, shown, dear[:, 0], rates)


class Markets:
    """Draws products shown in markets, block by block.

    With F a click score that all markets share, E_1 to E_4 further ones and G one of purchases,
    standardised and uncorrelated over customers and products drawn at random, c_s the taste of
    market s and rho, r the shop's dials ``similarity`` and ``relatedness``::

        F_s = rho F + sqrt(1 - rho^2) (c_s1 E_1 + ... + c_s4 E_4)
        logit p(click)            = a_s + SPREAD F_s
        logit p(purchase | click) = b_s + SPREAD (r F_s + sqrt(1 - r^2) G)

    Nothing is hidden: all chances are functions of the market and the visible columns.

    Args:
        seed: of the shop; buying: its users and products; dials: the shop's.
        scenarios: S, the number of markets. Market s has a share proportional to 1 / s.
        shift: what a standard deviation of a market's leaning adds to the logarithm of how
            often a segment comes, a category is shown, and a dearer product is.
        explained: share of the markets' differences that their traits tell.
    """

    def __init__(
        self,
        seed: int,
        buying: Buying,
        dials: Dials,
        scenarios: int,
        shift: float,
        explained: float,
    ) -> None:
        self._seed, self._dials, self._scenarios = seed, dials, scenarios
        self._users, self._products = buying.users, buying.products
        self._all = Seen.of(buying.users, buying.products)
        rng = stream(seed, "markets")
        self._kinds = Kinds.draw(rng, explained)
        self._scores = [Score.draw(rng) for _ in range(2 + DIRECTIONS)]
        size = 1.0 / np.arange(1, scenarios + 1)
        self._size = np.cumsum(settled(size / size.sum()))
        kinds = self._kinds
        comes = shift * kinds.comes[:scenarios, self._all.segment]
        shown = 0.5 * buying.hidden.pull + shift * (
            kinds.shown[:scenarios, self._all.category]
            + 0.5 * kinds.dear[:scenarios, None] * self._all.dear
        )
        # One row of cumulative shares after the other: a market's begins at its number.
        self._comes, self._shown = _stacked(comes), _stacked(shown)
        self._fit(rng)

    def blocks(self, n: int) -> Iterator[pd.DataFrame]:
        """The first n rows, a block at a time; columns: ``Shop.markets``."""
        for block in range(-(-n // BLOCK)):
            yield self._block(block).head(n - block * BLOCK)

    def _fit(self, rng: np.random.Generator) -> None:
        """Standardise the scores, and meet the rates of each market."""
        u = rng.integers(len(self._users), size=BLOCK)
        p = rng.integers(len(self._products), size=BLOCK)
        raw = self._raw(u, p)
        self._mean = settled(raw.mean(axis=1))
        # The inverse of the Cholesky factor makes each score free of those before it.
        self._whiten = settled(np.linalg.inv(np.linalg.cholesky(np.cov(raw))))
        self._base = np.zeros((self._scenarios, 2))
        for s in range(self._scenarios):
            # Its own stream: the number of markets changes none of them.
            own = stream(self._seed, "markets", 1 + s)
            market = np.full(REFERENCE, s)
            click, buy = self._logits(market, *self._pairs(own, market))
            rates = np.array([CLICK_RATE, PURCHASE_RATE]) * np.exp(
                RATE_SPREAD * self._kinds.rates[s]
            )
            click_rate, buy_rate = settled(rates)
            base = base_for(click, click_rate, np.ones(REFERENCE))
            self._base[s] = base, base_for(buy, buy_rate, expit(base + click))

    def _pairs(self, rng: np.random.Generator, market: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Users and products, as row numbers, for impressions in these markets."""
        draws = rng.random((2, len(market)))
        user = np.searchsorted(self._comes, market + draws[0]) - market * len(self._users)
        product = np.searchsorted(self._shown, market + draws[1]) - market * len(self._products)
        return user, product

    def _raw(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """F, E_1 ... and G as drawn, ``[6, n]``."""
        seen = self._all.pairs(u, p)
        return np.array([score(seen) for score in self._scores])

    def _logits(
        self, market: np.ndarray, u: np.ndarray, p: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both logits without their base."""
        scores = self._whiten @ (self._raw(u, p) - self._mean[:, None])
        rho, r = self._dials.similarity, self._dials.relatedness
        own = np.einsum("dn,nd->n", scores[1:-1], self._kinds.taste[market])
        f = settled(rho * scores[0] + np.sqrt(1.0 - rho * rho) * own)
        g = settled(scores[-1])
        return SPREAD * f, SPREAD * (r * f + np.sqrt(1.0 - r * r) * g)

    def _block(self, block: int) -> pd.DataFrame:
        rng = stream(self._seed, "market_rows", block)
        draws = rng.random((3, BLOCK))
        market = np.searchsorted(self._size, draws[0] * self._size[-1])
        u, p = self._pairs(rng, market)
        click_logit, buy_logit = self._logits(market, u, p)
        p_click = possible(expit(self._base[market, 0] + click_logit))
        p_buy = possible(expit(self._base[market, 1] + buy_logit))
        p_cart = cart_chance(p_buy)
        click = draws[1] < p_click
        traits = self._kinds.traits[market]
        names = [f"M{s:02d}" for s in range(1, self._scenarios + 1)]
        return pd.DataFrame(
            {
                "market": pd.Categorical.from_codes(market, names),
                **dict(zip(TRAITS, traits.T, strict=True)),
                **{name: self._users[name].array.take(u) for name in OF_USER},
                **{name: self._products[name].array.take(p) for name in OF_PRODUCT},
                "click": click.astype(np.int64),
                # One draw for both: whoever buys had it in the cart.
                "cart": (click & (draws[2] < p_cart)).astype(np.int64),
                "purchase": (click & (draws[2] < p_buy)).astype(np.int64),
                "p_click": p_click,
                "p_cart_given_click": p_cart,
                "p_purchase_given_click": p_buy,
            }
        )


def _stacked(log_weight: np.ndarray) -> np.ndarray:
    """Cumulative shares of each row of ``[S, m]``, row s from s to s + 1, as ``[S m]``."""
    weight = settled(np.exp(log_weight - log_weight.max(axis=1, keepdims=True)))
    total = np.cumsum(weight, axis=1)
    return (total / total[:, -1:] + np.arange(len(weight))[:, None]).ravel()
