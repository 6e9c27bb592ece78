"""One object for the whole simulated shop."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.buying import Buying, make_leniency
from course_utils.shop.catalogue import make_products
from course_utils.shop.dials import Dials, require_within
from course_utils.shop.home_feed import HomeFeed
from course_utils.shop.labels import LABELS
from course_utils.shop.listings import Facts, make_facts, make_listings
from course_utils.shop.log import Log
from course_utils.shop.markets import LEAST, MOST, Markets
from course_utils.shop.past import make_past
from course_utils.shop.people import Taste, make_users
from course_utils.shop.queries import Queries, make_queries
from course_utils.shop.returns import add_returns
from course_utils.shop.reviews import make_reviews
from course_utils.shop.streams import stream


class Shop:
    """A simulated marketplace whose truth is known.

    The same arguments give the same tables on any CPU. Tables are made when first asked for.

    Args:
        seed: 0 or more. Another seed is another shop: other people, other products.
        n_users: 20 or more.
        n_products: 40 or more.
        relatedness: -1 to 1; the other four dials: see ``Dials``.

    Raises:
        CourseError: if an argument is out of its range.
    """

    def __init__(
        self,
        seed: int = 0,
        n_users: int = 2000,
        n_products: int = 1000,
        relatedness: float = 0.8,
        similarity: float = 0.6,
        sparsity: float = 0.0,
        selection: float = 0.5,
        noise: float = 0.0,
    ) -> None:
        _require_whole("seed", seed, 0)
        _require_whole("n_users", n_users, 20)
        _require_whole("n_products", n_products, 40)
        self.dials = Dials(relatedness, similarity, sparsity, selection, noise)
        self.seed = seed
        self.n_users = n_users
        self.n_products = n_products

    @cached_property
    def _people(self) -> tuple[pd.DataFrame, Taste]:
        return make_users(stream(self.seed, "users"), self.n_users)

    @cached_property
    def _buying(self) -> Buying:
        users, taste = self._people
        products, hidden = make_products(stream(self.seed, "products"), self.n_products)
        leniency = make_leniency(stream(self.seed, "leniency"), self.n_users)
        return Buying(users, products, taste.of_user, hidden, leniency)

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
        """One row a purchase of the year 2024, by time: user_id, product_id, timestamp (unix
        seconds), returned, days_to_return, return_reason, p_return (``returns.add_returns``).

        Nobody buys a product twice.
        """
        bought = add_returns(stream(self.seed, "returns"), self._bought, self._buying)
        return self._with_ids(bought.drop(columns="rated"))

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """One row a rating, by time: user_id, product_id, rating (1 to 5), timestamp.

        A purchase is rated or not by chance; the rating comes 1 to 14 days after it. Each
        user rates 20 to 200 products, none twice.
        """
        return self._with_ids(self._rated)

    @cached_property
    def _rated(self) -> pd.DataFrame:
        return self._buying.make_ratings(stream(self.seed, "ratings"), self._bought)

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """One row a rating with words, by time. Columns: ``reviews.make_reviews``."""
        rng = stream(self.seed, "reviews")
        return self._with_ids(make_reviews(rng, self._rated, self.products, self._facts.kind))

    @cached_property
    def _facts(self) -> Facts:
        return make_facts(stream(self.seed, "facts"), self.products)

    @cached_property
    def listings(self) -> pd.DataFrame:
        """One row a product: tree, titles, labels. Columns: ``listings.make_listings``."""
        return make_listings(stream(self.seed, "listings"), self.products, self._facts)

    @cached_property
    def label_chances(self) -> pd.DataFrame:
        """Truth: the chance that each label was drawn with, products in rows, 0 to 1.

        What the product's department and hidden themes say; its title says more, because it
        was written with the labels in sight.
        """
        names = [label.en for label in LABELS]
        index = pd.Index(self.products["product_id"])
        return pd.DataFrame(self._facts.label_chance, index=index, columns=names)

    @cached_property
    def _searches(self) -> Queries:
        return make_queries(stream(self.seed, "queries"), self.products, self._facts)

    @property
    def queries(self) -> pd.DataFrame:
        """One row a distinct query. Columns: ``queries.make_queries``."""
        return self._searches.table

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """Truth: query_id, product_id, relevance 1 to 3; pairs not listed have 0."""
        rows = self._searches.judgements()
        return pd.DataFrame(
            {
                "query_id": self.queries["query_id"].array.take(rows["query"]),
                "product_id": self.products["product_id"].array.take(rows["product"]),
                "relevance": rows["relevance"],
            }
        )

    @cached_property
    def _log(self) -> Log:
        return Log(self.seed, self._buying, self._people[1], self._searches, self.dials)

    def log_blocks(self, n: int) -> Iterator[pd.DataFrame]:
        """``log(n)`` in pieces of about 60,000 rows, one in memory at a time."""
        _require_whole("n", n, 1)
        return self._log.blocks(n)

    def log(self, n: int) -> pd.DataFrame:
        """One row = one product shown to one user, in any of the three scenarios.

        It starts where the year of ``purchases`` ends. A list may be cut off at the end.

        Args:
            n: rows, 1 or more. Fewer rows are the first rows of more.

        Returns:
            A frame by session and time; the card ``datasets/impressions.md`` has the columns.

        Raises:
            CourseError: if n is not a whole number above 0.
        """
        return pd.concat(self.log_blocks(n), ignore_index=True)

    def markets(
        self, n: int, scenarios: int = 20, shift: float = 0.5, explained: float = 0.5
    ) -> pd.DataFrame:
        """One row = one product shown to one user in one of many markets (``markets.Markets``).

        Beside the log, and simpler: no positions, no context, nothing hidden. Of the shop's
        dials ``similarity`` and ``relatedness`` act: the correlation of what draws clicks in a
        market with what all of them share, and of purchases with clicks.

        Args:
            n: rows, 1 or more. Fewer rows are the first rows of more.
            scenarios: how many markets, 3 to 50, their sizes by Zipf's law: the smallest of 50
                has 0.4 % of the rows. Fewer markets are the first, and largest, of more.
            shift: 0 to 2, how much markets differ in who comes and what is shown: 0 not at all;
                at 1 a segment comes e times as often where a market leans to it by one
                standard deviation.
            explained: 0 to 1, the share of the differences between markets (in taste, in who
                comes, in what is shown, in rates) that their traits tell.

        Returns:
            A frame: ``market`` ("M01" is the largest), ``trait_1`` to ``trait_4`` of the market,
            the user's and the product's columns as in the log, ``click``, ``cart``,
            ``purchase``, and the truth: ``p_click``, ``p_cart_given_click``,
            ``p_purchase_given_click``.

        Raises:
            CourseError: if an argument is out of its range.
        """
        _require_whole("n", n, 1)
        _require_whole("scenarios", scenarios, LEAST)
        if scenarios > MOST:
            raise CourseError(f"scenarios must be {MOST} or fewer, got {scenarios}.")
        require_within("shift", shift, 0, 2)
        require_within("explained", explained, 0, 1)
        made = Markets(self.seed, self._buying, self.dials, scenarios, shift, explained)
        return pd.concat(made.blocks(n), ignore_index=True)

    def past(self, log: pd.DataFrame, k: int = 5, by_category: bool = False) -> pd.DataFrame:
        """What the customer of each row did before it was shown: columns that a model may read.

        Counts include the purchases of 2024 and earlier rows of the log. A row of time t sees
        what happened before t: a late purchase only when it has happened, nothing of its own list.

        Args:
            log: this shop's ``log``, whole from its start: rows that are left out are missing
                from the past of others. Choose rows afterwards.
            k: how many of the last products, 1 or more.
            by_category: also counts of every category, three times 24 columns.

        Returns:
            A frame with the index of ``log``. For ``views`` (products shown), ``clicks`` and
            ``purchases``: the count, ``_of_category`` and ``_of_product`` those of the row's
            category and of its product; ``clicks_of_Audio`` and so on if asked for. For clicks
            and purchases: ``days_since_click`` and ``days_since_purchase``, missing (``NaN``)
            where there was none; ``last_clicks`` and ``last_purchases``, tuples of up to
            k product ids, the newest first (a bag of ``columns.Columns``).

        Raises:
            CourseError: if k is not a whole number above 0, or rows are of another shop.
        """
        _require_whole("k", k, 1)
        self._products_at(log["product_id"])
        self._users_at(log["user_id"])
        return make_past(log, self.purchases, self.products, k, by_category)

    def visible_chances(self, log: pd.DataFrame, ids: Collection[str] = ()) -> pd.DataFrame:
        """Truth: the chances of these rows as far as their columns tell them.

        No model that reads a row's columns, and of the ids those named, comes closer to the
        truth: what is hidden from it is averaged out (``visible.Visible``). Every segment,
        category, brand and city is taken as known to the full, from endlessly many rows.

        Without ``user_id`` the customer is a stranger of whom segment, city, price sensitivity
        and tenure are known, and without ``product_id`` the product is one of whom category,
        brand and price are. (Tenure and price single many of them out, so a model that learns
        those by heart has an id in disguise.) With both, the liking is known: what endlessly
        many rows of each customer and each product would tell. Without ``query_id`` the
        relevance is what it is on average for the position and the category or, if known, the
        product.

        Two things are left out. A customer's past (``past``) tells some of the liking: a model
        that reads it may come closer than this, but no closer than with ``user_id``. And who sees
        a strip of the scenario ``cart`` has just put something in, which says a little.

        Args:
            log: rows of this shop's ``log``; the truth of them is not read.
            ids: which of ``"user_id"``, ``"product_id"``, ``"query_id"`` the model reads.

        Returns:
            A frame with the index of ``log``: ``p_click``, ``p_cart_given_click``,
            ``p_purchase_given_click``.

        Raises:
            CourseError: if ``ids`` holds anything else, or rows are of another shop.
        """
        return self._log.visible_chances(log, ids)

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

    def home_feed(self, n: int) -> pd.DataFrame:
        """One row = one product shown to one user in the home feed, and nothing around it.

        The simplest funnel: no positions, no context, no hidden taste; of the dials only
        ``relatedness`` acts. ``log`` has the rest.

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
        return self._home_feed.rows(n)

    @cached_property
    def _home_feed(self) -> HomeFeed:
        return HomeFeed(self.seed, self._buying, self.dials.relatedness)

    def _with_ids(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Row numbers ``user`` and ``product`` replaced by ids, in front."""
        user_id = self.users["user_id"].array.take(rows["user"])
        product_id = self.products["product_id"].array.take(rows["product"])
        ids = pd.DataFrame({"user_id": user_id, "product_id": product_id})
        return pd.concat([ids, rows.drop(columns=["user", "product"])], axis=1)

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
