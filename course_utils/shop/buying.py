"""Who buys what when, and how many stars they give: the tables and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from course_utils.shop.catalogue import DAYS, Hidden
from course_utils.shop.labels import LABELS
from course_utils.shop.listings import Facts
from course_utils.shop.people import SEGMENTS
from course_utils.shop.streams import settled

YEAR_START = 1_704_067_200
"""2024-01-01 00:00 UTC in unix seconds: day 0 of the observed year."""

SECONDS_A_DAY = 86_400
MEAN_STARS = 2.2
"""Of a pair drawn at random; what people choose to buy they like better."""

TASTE_STARS = 1.1
"""Standard deviation, in stars, of what the match of user and product adds."""

USER_STARS = 0.3
NOISE_STARS = 0.5
TASTE_PULL = 2.0
"""How much a star of liking adds to the log-weight of buying: the strength of selection."""

PRICE_PULL = 0.5
LATE_STARS = 1.7
"""What a late delivery takes from the stars, before they become a whole number. Analyses of a
large Brazilian shop (Olist) report 1.74 stars less."""

MIN_RATINGS, MAX_RATINGS, MEAN_RATINGS = 20, 200, 52
CHUNK = 500


@dataclass(frozen=True)
class Buying:
    """Every user's view of every product, computed for the pairs asked for.

    Attributes:
        users: the user table; products: the product table.
        user_taste: ``[n_users, d]``; hidden: of the products.
        leniency: ``[n_users]``, stars that a user gives more than others.
        facts: of the products; label_taste: ``[n_users, labels]``, see ``make_label_taste``.
        content: the dial.
    """

    users: pd.DataFrame
    products: pd.DataFrame
    user_taste: np.ndarray
    hidden: Hidden
    leniency: np.ndarray
    facts: Facts
    label_taste: np.ndarray
    content: float = 0.0

    def liking(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Stars of a pair above or below the average, without leniency and noise.

        Args:
            u: row numbers of users; p: row numbers of products; they broadcast.
        """
        match = np.einsum("...d,...d->...", self.user_taste[u], self.hidden.taste[p])
        scale = TASTE_STARS / np.sqrt(self.user_taste.shape[1])
        return self.products["quality"].to_numpy()[p] + scale * match

    def affinity(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Log-weight of the next purchase: softmax over products gives its distribution."""
        log_price = np.log(self.products["price"].to_numpy())
        dear = (log_price - log_price.mean()) / log_price.std()
        sensitivity = self.users["price_sensitivity"].to_numpy()
        pull = (
            TASTE_PULL * self.liking(u, p)
            + self.hidden.pull[p]
            - PRICE_PULL * sensitivity[u] * dear[p]
        )
        if self.content:
            pull = pull + self.content * self.label_match(u, p)
        return settled(pull)

    def label_match(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """How much the labels of a product attract a user: mean near 0, variance near 1.

        A sum over the labels that the product has, whether or not a title names them.
        """
        has = self.facts.has_label
        scale = 1.0 / np.sqrt(has.sum(axis=1).mean())
        return scale * np.einsum("...d,...d->...", self.label_taste[u], has[p].astype(float))

    def mean_before_rounding(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Stars before noise and before they become a whole number from 1 to 5."""
        return settled(MEAN_STARS + self.leniency[u] + self.liking(u, p))

    def expected_rating(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Mean of the rating: 1 plus the chances of more than 1, 2, 3 and 4 stars."""
        mean = self.mean_before_rounding(u, p)
        steps = [ndtr((mean - (k + 0.5)) / NOISE_STARS) for k in range(1, 5)]
        return settled(1.0 + np.sum(steps, axis=0))

    def counts(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """How many products each user rates, and how many they buy, ``[n_users]`` each."""
        n_users, n_products = len(self.users), len(self.products)
        extra = rng.gamma(1.0, MEAN_RATINGS - MIN_RATINGS, size=n_users)
        cap = min(MAX_RATINGS, n_products // 2)
        n_rated = np.clip(np.round(MIN_RATINGS + extra).astype(int), min(MIN_RATINGS, cap), cap)
        return n_rated, np.minimum(n_rated + rng.poisson(0.2 * n_rated), n_products)

    def first_days(self) -> tuple[np.ndarray, np.ndarray]:
        """First day in the year of each user ``[n_users]`` and product ``[n_products]``."""
        joined = np.maximum(DAYS - self.users["tenure_days"].to_numpy(), 0)
        return joined, np.maximum(self.products["release_day"].to_numpy(), 0)

    def make_purchases(self, rng: np.random.Generator) -> pd.DataFrame:
        """Each user's purchases: products drawn without replacement by affinity.

        A product can be bought once it is released and the user has joined; what was there
        for half of a user's year is bought half as often.

        Returns:
            A frame sorted by time: ``user`` and ``product`` (row numbers), ``timestamp``
            (unix seconds), ``rated`` (bool; the user will rate it).
        """
        n_users, n_products = len(self.users), len(self.products)
        n_rated, n_bought = self.counts(rng)
        joined, released = self.first_days()
        pieces = []
        for start in range(0, n_users, CHUNK):
            u = np.arange(start, min(start + CHUNK, n_users))
            days_there = DAYS - np.maximum(joined[u, None], released[None, :])
            key = self.affinity(u[:, None], np.arange(n_products)[None, :])
            # The largest keys after Gumbel noise are a draw without replacement.
            key = key + settled(np.log(days_there)) + rng.gumbel(size=key.shape)
            order = np.argsort(-key, axis=1, kind="stable")
            row, place = np.nonzero(np.arange(n_products)[None, :] < n_bought[u, None])
            pieces.append(
                pd.DataFrame(
                    {"user": u[row], "product": order[row, place], "draw": rng.random(len(row))}
                )
            )
        bought = pd.concat(pieces, ignore_index=True)
        bought["rated"] = are_rated(bought, n_rated)
        user, product = bought["user"].to_numpy(), bought["product"].to_numpy()
        first = np.maximum(joined[user], released[product]) * SECONDS_A_DAY
        seconds = first + np.floor(rng.random(len(bought)) * (DAYS * SECONDS_A_DAY - first))
        bought["timestamp"] = YEAR_START + seconds.astype(np.int64)
        bought = bought.sort_values(["timestamp", "user", "product"], ignore_index=True)
        return bought[["user", "product", "timestamp", "rated"]]

    def make_ratings(self, rng: np.random.Generator, purchases: pd.DataFrame) -> pd.DataFrame:
        """Stars for the rated purchases, 1 to 14 days later.

        Args:
            rng: the stream of this table.
            purchases: ``user``, ``product``, ``timestamp``, ``rated``, and ``late`` (0 or 1).

        Returns:
            A frame sorted by time: ``user``, ``product`` (row numbers), ``rating`` (1 to 5),
            ``timestamp`` (unix seconds), ``late``, and ``rating_in_time``: the rating that
            the same purchase would have got in time.
        """
        rated = purchases.loc[purchases["rated"], ["user", "product", "timestamp", "late"]]
        mean = self.mean_before_rounding(rated["user"].to_numpy(), rated["product"].to_numpy())
        stars = mean + NOISE_STARS * rng.normal(size=len(rated))
        delay = rng.integers(SECONDS_A_DAY, 14 * SECONDS_A_DAY, size=len(rated))
        ratings = pd.DataFrame(
            {
                "user": rated["user"].to_numpy(),
                "product": rated["product"].to_numpy(),
                "rating": _whole_stars(stars - LATE_STARS * rated["late"].to_numpy()),
                "timestamp": rated["timestamp"].to_numpy() + delay,
                "late": rated["late"].to_numpy(),
                "rating_in_time": _whole_stars(stars),
            }
        )
        return ratings.sort_values(["timestamp", "user", "product"], ignore_index=True)


def are_rated(bought: pd.DataFrame, n_rated: np.ndarray) -> np.ndarray:
    """Which purchases get a rating: a matter of chance, not of liking.

    Args:
        bought: ``user`` and ``draw``, a number drawn for each purchase.
        n_rated: ``[n_users]``, how many of each user's purchases.
    """
    lot = bought.groupby("user")["draw"].rank(method="first").to_numpy()
    return lot <= n_rated[bought["user"]]


def _whole_stars(stars: np.ndarray) -> np.ndarray:
    return np.clip(np.floor(stars + 0.5), 1, 5).astype(np.int64)


def make_leniency(rng: np.random.Generator, n: int) -> np.ndarray:
    """How many stars each user gives more than others, ``[n]``."""
    return settled(USER_STARS * rng.normal(size=n))


def make_label_taste(rng: np.random.Generator, segment: np.ndarray) -> np.ndarray:
    """How much each label attracts each user, ``[n, labels]``: half segment, half the user's own.

    Args:
        rng: the stream of the dial ``content``.
        segment: code of each user's segment, ``[n]``.
    """
    of_segment = rng.normal(size=(len(SEGMENTS), len(LABELS)))
    own = rng.normal(size=(len(segment), len(LABELS)))
    return settled(np.sqrt(0.5) * (of_segment[segment] + own))
