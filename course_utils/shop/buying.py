"""Who buys what when, and how many stars they give: the tables and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from course_utils.shop.catalogue import DAYS, Hidden
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
MIN_RATINGS, MAX_RATINGS, MEAN_RATINGS = 20, 200, 52
CHUNK = 500


@dataclass(frozen=True)
class Buying:
    """Every user's view of every product, computed for the pairs asked for.

    Attributes:
        users: the user table; products: the product table.
        user_taste: ``[n_users, d]``; hidden: of the products.
        leniency: ``[n_users]``, stars that a user gives more than others.
    """

    users: pd.DataFrame
    products: pd.DataFrame
    user_taste: np.ndarray
    hidden: Hidden
    leniency: np.ndarray

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
        return settled(
            TASTE_PULL * self.liking(u, p)
            + self.hidden.pull[p]
            - PRICE_PULL * sensitivity[u] * dear[p]
        )

    def mean_before_rounding(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Stars before noise and before they become a whole number from 1 to 5."""
        return settled(MEAN_STARS + self.leniency[u] + self.liking(u, p))

    def expected_rating(self, u: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Mean of the rating: 1 plus the chances of more than 1, 2, 3 and 4 stars."""
        mean = self.mean_before_rounding(u, p)
        steps = [ndtr((mean - (k + 0.5)) / NOISE_STARS) for k in range(1, 5)]
        return settled(1.0 + np.sum(steps, axis=0))

    def make_purchases(self, rng: np.random.Generator) -> pd.DataFrame:
        """Each user's purchases: products drawn without replacement by affinity.

        A product can be bought once it is released and the user has joined; what was there
        for half of a user's year is bought half as often.

        Returns:
            A frame sorted by time: ``user`` and ``product`` (row numbers), ``timestamp``
            (unix seconds), ``rated`` (bool; the user will rate it).
        """
        n_users, n_products = len(self.users), len(self.products)
        extra = rng.gamma(1.0, MEAN_RATINGS - MIN_RATINGS, size=n_users)
        cap = min(MAX_RATINGS, n_products // 2)
        n_rated = np.clip(np.round(MIN_RATINGS + extra).astype(int), min(MIN_RATINGS, cap), cap)
        n_bought = np.minimum(n_rated + rng.poisson(0.2 * n_rated), n_products)
        joined = np.maximum(DAYS - self.users["tenure_days"].to_numpy(), 0)
        released = np.maximum(self.products["release_day"].to_numpy(), 0)
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
        # Which purchases get a rating is a matter of chance, not of liking.
        lot = bought.groupby("user")["draw"].rank(method="first").to_numpy()
        bought["rated"] = lot <= n_rated[bought["user"]]
        user, product = bought["user"].to_numpy(), bought["product"].to_numpy()
        first = np.maximum(joined[user], released[product]) * SECONDS_A_DAY
        seconds = first + np.floor(rng.random(len(bought)) * (DAYS * SECONDS_A_DAY - first))
        bought["timestamp"] = YEAR_START + seconds.astype(np.int64)
        bought = bought.sort_values(["timestamp", "user", "product"], ignore_index=True)
        return bought[["user", "product", "timestamp", "rated"]]

    def make_ratings(self, rng: np.random.Generator, purchases: pd.DataFrame) -> pd.DataFrame:
        """Stars for the rated purchases, 1 to 14 days later.

        Returns:
            A frame sorted by time: ``user``, ``product`` (row numbers), ``rating`` (1 to 5),
            ``timestamp`` (unix seconds).
        """
        rated = purchases.loc[purchases["rated"], ["user", "product", "timestamp"]]
        mean = self.mean_before_rounding(rated["user"].to_numpy(), rated["product"].to_numpy())
        stars = mean + NOISE_STARS * rng.normal(size=len(rated))
        delay = rng.integers(SECONDS_A_DAY, 14 * SECONDS_A_DAY, size=len(rated))
        ratings = pd.DataFrame(
            {
                "user": rated["user"].to_numpy(),
                "product": rated["product"].to_numpy(),
                "rating": np.clip(np.floor(stars + 0.5), 1, 5).astype(np.int64),
                "timestamp": rated["timestamp"].to_numpy() + delay,
            }
        )
        return ratings.sort_values(["timestamp", "user", "product"], ignore_index=True)


def make_leniency(rng: np.random.Generator, n: int) -> np.ndarray:
    """How many stars each user gives more than others, ``[n]``."""
    return settled(USER_STARS * rng.normal(size=n))
