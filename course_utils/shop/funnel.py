"""From impression to click to purchase: the true probabilities behind the home feed.

Both probabilities are functions of columns that the shop can see, so a model can come
close to the truth, and the truth's own AUC (the Bayes limit) is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from course_utils.shop.catalogue import CATEGORIES, N_BRANDS
from course_utils.shop.people import N_CITIES, SEGMENTS
from course_utils.shop.streams import settled

CLICK_RATE = 0.18
PURCHASE_RATE = 0.10
"""Mean chance of a purchase among clicks."""

LOGIT_SPREAD = 1.3
"""Standard deviation of both logits over all impressions: the share that can be learned."""

PAIR_DIMENSIONS = 3


@dataclass(frozen=True)
class Seen:
    """The visible columns of n impressions as numbers, ``[n]`` each.

    ``segment``, ``city``, ``category`` and ``brand`` are codes; ``dear`` is the log of the
    price, shifted and scaled; ``age`` is the cosine of the tenure.
    """

    segment: np.ndarray
    city: np.ndarray
    price_sensitivity: np.ndarray
    age: np.ndarray
    category: np.ndarray
    brand: np.ndarray
    dear: np.ndarray

    @classmethod
    def of(cls, users: pd.DataFrame, products: pd.DataFrame) -> Seen:
        """From the user and the product of each impression, row by row."""
        return cls(
            segment=users["segment"].cat.codes.to_numpy(),
            city=users["city"].cat.codes.to_numpy(),
            price_sensitivity=users["price_sensitivity"].to_numpy(),
            age=np.cos(np.pi * users["tenure_days"].to_numpy() / 2000.0),
            category=products["category"].cat.codes.to_numpy(),
            brand=products["brand"].cat.codes.to_numpy(),
            dear=(np.log(products["price"].to_numpy()) - 3.4) / 0.9,
        )

    def pairs(self, u: np.ndarray, p: np.ndarray) -> Seen:
        """The impressions of products p to users u, where this holds all users, all products."""
        return Seen(
            segment=self.segment[u],
            city=self.city[u],
            price_sensitivity=self.price_sensitivity[u],
            age=self.age[u],
            category=self.category[p],
            brand=self.brand[p],
            dear=self.dear[p],
        )


@dataclass(frozen=True)
class Score:
    """One function of the visible columns, with weights drawn at random.

    f(x) = a_city + b_brand + c_category + <v_segment, w_category> + <v_segment, w_brand>
           + price and tenure terms
    """

    city: np.ndarray
    brand: np.ndarray
    category: np.ndarray
    segment_pair: np.ndarray
    category_pair: np.ndarray
    brand_pair: np.ndarray
    price: float
    tenure: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Score:
        """Weights such that each part adds about the same variance."""
        d = PAIR_DIMENSIONS
        return cls(
            city=0.5 * rng.normal(size=N_CITIES),
            brand=0.6 * rng.normal(size=N_BRANDS),
            category=0.6 * rng.normal(size=len(CATEGORIES)),
            segment_pair=rng.normal(size=(len(SEGMENTS), d)),
            category_pair=0.6 * rng.normal(size=(len(CATEGORIES), d)) / np.sqrt(d),
            brand_pair=0.4 * rng.normal(size=(N_BRANDS, d)) / np.sqrt(d),
            price=float(rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 0.9)),
            tenure=float(rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 0.6)),
        )

    def __call__(self, seen: Seen) -> np.ndarray:
        """The score of each impression, ``[n]``."""
        by_category = self.segment_pair @ self.category_pair.T
        by_brand = self.segment_pair @ self.brand_pair.T
        # Only those who look at prices mind them; a new user differs from an old one.
        price_term = self.price * seen.price_sensitivity * seen.dear * 2.0
        return (
            self.city[seen.city]
            + self.brand[seen.brand]
            + self.category[seen.category]
            + by_category[seen.segment, seen.category]
            + by_brand[seen.segment, seen.brand]
            + price_term
            + self.tenure * seen.age
        )


class Funnel:
    """True click and conversion probabilities of an impression.

    Two scores f and g are drawn independently, standardised over reference impressions,
    and g is made uncorrelated with f. With the dial r = ``relatedness``

        logit p(click)            = b1 + spread * f
        logit p(purchase | click) = b2 + spread * (r f + sqrt(1 - r^2) g)

    so r is the correlation of the two logits: 1 the same direction, 0 unrelated, -1 opposed.
    b1 and b2 put the mean rates at ``CLICK_RATE`` and ``PURCHASE_RATE``.
    """

    def __init__(
        self, rng: np.random.Generator, reference: pd.DataFrame, relatedness: float
    ) -> None:
        self.relatedness = relatedness
        self._click, self._other = Score.draw(rng), Score.draw(rng)
        seen = Seen.of(reference, reference)
        f, g = self._click(seen), self._other(seen)
        self._f_mean, self._f_sd = settled(np.array([f.mean(), f.std()]))
        f = (f - self._f_mean) / self._f_sd
        self._slope, self._g_mean = settled(np.polyfit(f, g, 1))
        g = g - self._g_mean - self._slope * f
        self._g_sd = settled(np.array(g.std()))
        click_logit, purchase_logit = self._logits(reference)
        self._click_base = base_for(click_logit, CLICK_RATE, np.ones(len(reference)))
        clicked = expit(self._click_base + click_logit)
        self._purchase_base = base_for(purchase_logit, PURCHASE_RATE, clicked)

    def _logits(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        seen = Seen.of(rows, rows)
        f = (self._click(seen) - self._f_mean) / self._f_sd
        g = (self._other(seen) - self._g_mean - self._slope * f) / self._g_sd
        r = self.relatedness
        return LOGIT_SPREAD * f, LOGIT_SPREAD * (r * f + np.sqrt(1.0 - r * r) * g)

    def probabilities(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """p(click) and p(purchase | click) of each impression, ``[n]`` each."""
        click_logit, purchase_logit = self._logits(rows)
        return (
            settled(expit(self._click_base + click_logit)),
            settled(expit(self._purchase_base + purchase_logit)),
        )


def base_for(logit: np.ndarray, rate: float, weight: np.ndarray) -> float:
    """The constant that brings the weighted mean probability to ``rate``."""
    base = brentq(lambda b: np.average(expit(b + logit), weights=weight) - rate, -20.0, 20.0)
    return round(float(base), 6)
