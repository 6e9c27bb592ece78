"""One object for the whole simulated shop."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.buying import Buying, make_leniency
from course_utils.shop.catalogue import make_products
from course_utils.shop.funnel import Funnel
from course_utils.shop.people import make_users
from course_utils.shop.streams import stream

BLOCK = 65_536
"""Impressions are drawn in blocks of so many rows, each from its own stream."""


class Shop:
    """A simulated marketplace whose truth is known.

    The same arguments give the same tables on any CPU. Tables are made when first asked for.

    Args:
        seed: 0 or more. Another seed is another shop: other people, other products.
        n_users: 20 or more.
        n_products: 40 or more.
        relatedness: -1 to 1. How the score behind purchases relates to the score behind
            clicks in the home feed: 1 the same direction, 0 unrelated, -1 opposed.

    Raises:
        CourseError: if an argument is out of its range.
    """

    def __init__(
        self,
        seed: int = 0,
        n_users: int = 2000,
        n_products: int = 1000,
        relatedness: float = 0.8,
    ) -> None:
        _require_whole("seed", seed, 0)
        _require_whole("n_users", n_users, 20)
        _require_whole("n_products", n_products, 40)
        if not -1.0 <= relatedness <= 1.0:
            raise CourseError(f"relatedness must lie between -1 and 1, got {relatedness}.")
        self.seed = seed
        self.n_users = n_users
        self.n_products = n_products
        self.relatedness = float(relatedness)

    @cached_property
    def _buying(self) -> Buying:
        users, taste = make_users(stream(self.seed, "users"), self.n_users)
        products, hidden = make_products(stream(self.seed, "products"), self.n_products)
        leniency = make_leniency(stream(self.seed, "leniency"), self.n_users)
        return Buying(users, products, taste, hidden, leniency)

    @property
    def users(self) -> pd.DataFrame:
        """One row a user: user_id, segment, city, price_sensitivity, tenure_days.

        Units and ranges: ``people.make_users``.
        """
        return self._buying.users

    @property
    def products(self) -> pd.DataFrame:
        """One row a product: product_id, category, brand, price, quality, release_day.

        ``quality`` is truth, which a real shop cannot see. Units: ``catalogue.make_products``.
        """
        return self._buying.products

    @cached_property
    def _bought(self) -> pd.DataFrame:
        return self._buying.make_purchases(stream(self.seed, "purchases"))

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """One row a purchase, by time: user_id, product_id, timestamp (unix seconds).

        Nobody buys a product twice.
        """
        return self._with_ids(self._bought)[["user_id", "product_id", "timestamp"]]

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """One row a rating, by time: user_id, product_id, rating (1 to 5), timestamp.

        A purchase is rated or not by chance; the rating comes 1 to 14 days after it. Each
        user rates 20 to 200 products, none twice.
        """
        drawn = self._buying.make_ratings(stream(self.seed, "ratings"), self._bought)
        return self._with_ids(drawn)[["user_id", "product_id", "rating", "timestamp"]]

    def expected_rating(self, user_ids: npt.ArrayLike, product_ids: npt.ArrayLike) -> np.ndarray:
        """Truth: the mean rating that this user would give this product, 1 to 5.

        Nothing that knows only user and product can predict ratings with less RMSE.

        Args:
            user_ids: ids as strings, any shape.
            product_ids: ids as strings; both shapes broadcast against each other.

        Returns:
            A float array of the broadcast shape.

        Raises:
            CourseError: if an id is unknown.
        """
        return self._buying.expected_rating(
            self._users_at(user_ids), self._products_at(product_ids)
        )

    def affinity(self, user_ids: npt.ArrayLike, product_ids: npt.ArrayLike) -> np.ndarray:
        """Truth: the log-weight of this product in this user's next purchase.

        The softmax over the products not bought yet is the chance of each to be next, so
        sorting by affinity is the best ranking there is. Arguments as ``expected_rating``.
        """
        users, products = self._users_at(user_ids), self._products_at(product_ids)
        return self._buying.affinity(users, products)

    def impressions(self, n: int) -> pd.DataFrame:
        """One row = one product shown to one user in the home feed.

        Args:
            n: rows, 1 or more. Fewer rows are the first rows of more.

        Returns:
            What the shop sees: ``user_id``, ``product_id``, ``segment``, ``city``,
            ``price_sensitivity`` (0 to 1), ``tenure_days`` (30 to 2000), ``category``,
            ``brand``, ``price`` (currency), ``click`` and ``purchase`` (0 or 1; a purchase
            needs a click). And the truth: ``p_click``, ``p_purchase_given_click`` and their
            product ``p_purchase``. Both probabilities depend on the seven columns from
            ``segment`` to ``price`` alone.

        Raises:
            CourseError: if n is not a whole number above 0.
        """
        _require_whole("n", n, 1)
        blocks = [self._block(b, min(BLOCK, n - b * BLOCK)) for b in range(-(-n // BLOCK))]
        return pd.concat(blocks, ignore_index=True)

    @cached_property
    def _funnel(self) -> Funnel:
        rng = stream(self.seed, "funnel")
        return Funnel(rng, self._shown(rng, BLOCK), self.relatedness)

    @cached_property
    def _shown_share(self) -> np.ndarray:
        """How often each product is shown: popular ones more, but less than they sell."""
        weight = np.exp(0.5 * self._buying.hidden.pull)
        return weight / weight.sum()

    def _shown(self, rng: np.random.Generator, n: int) -> pd.DataFrame:
        """n impressions without outcome."""
        user = rng.integers(self.n_users, size=n)
        product = rng.choice(self.n_products, size=n, p=self._shown_share)
        users, products = self.users, self.products
        of_user = ["segment", "city", "price_sensitivity", "tenure_days"]
        rows = pd.concat(
            [
                users[["user_id", *of_user]].take(user).reset_index(drop=True),
                products[["product_id", "category", "brand", "price"]]
                .take(product)
                .reset_index(drop=True),
            ],
            axis=1,
        )
        return rows[["user_id", "product_id", *of_user, "category", "brand", "price"]]

    def _block(self, block: int, n: int) -> pd.DataFrame:
        """The first n rows of one block: drawn whole, so that n changes no row."""
        rng = stream(self.seed, "impressions", block)
        rows = self._shown(rng, BLOCK).head(n)
        draws = rng.random((BLOCK, 2))[:n]
        p_click, p_purchase = self._funnel.probabilities(rows)
        click = draws[:, 0] < p_click
        return rows.assign(
            click=click.astype(np.int64),
            purchase=(click & (draws[:, 1] < p_purchase)).astype(np.int64),
            p_click=p_click,
            p_purchase_given_click=p_purchase,
            p_purchase=p_click * p_purchase,
        )

    def _with_ids(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(
            user_id=self.users["user_id"].take(rows["user"]).array,
            product_id=self.products["product_id"].take(rows["product"]).array,
        )

    def _users_at(self, ids: npt.ArrayLike) -> np.ndarray:
        return _positions(ids, self.users["user_id"], "user")

    def _products_at(self, ids: npt.ArrayLike) -> np.ndarray:
        return _positions(ids, self.products["product_id"], "product")


def _positions(ids: npt.ArrayLike, known: pd.Series, what: str) -> np.ndarray:
    """Row numbers of ids, in the shape of ``ids``."""
    wanted = np.asarray(ids, dtype=object)
    flat = wanted.ravel()
    found = pd.Index(known.astype(object)).get_indexer(flat)
    if (found < 0).any():
        raise CourseError(
            f"There is no {what} {flat[found < 0][0]!r}: ids are strings from "
            f"{known.iloc[0]!r} to {known.iloc[-1]!r}."
        )
    return found.reshape(wanted.shape)


def _require_whole(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise CourseError(f"{name} must be a whole number, {least} or more, got {value!r}.")
