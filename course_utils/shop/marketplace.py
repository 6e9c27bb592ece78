"""One object for the whole simulated shop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.buying import Buying, make_label_taste, make_leniency
from course_utils.shop.catalogue import make_products
from course_utils.shop.deliveries import make_deliveries
from course_utils.shop.dials import Dials, require_within
from course_utils.shop.home_feed import HomeFeed
from course_utils.shop.labels import LABELS
from course_utils.shop.listings import (
    Facts,
    make_facts,
    make_false_mentions,
    make_listings,
)
from course_utils.shop.log import Log
from course_utils.shop.markets import LEAST, MOST, Markets
from course_utils.shop.momentum import Momentum
from course_utils.shop.past import make_past
from course_utils.shop.people import Taste, make_users
from course_utils.shop.queries import Queries, make_queries
from course_utils.shop.returns import add_returns
from course_utils.shop.review_views import make_views
from course_utils.shop.reviews import make_reviews
from course_utils.shop.streams import stream
from course_utils.shop.words import LANGUAGES


class Shop:
    """A simulated marketplace whose truth is known.

    The same arguments give the same tables on any CPU. Tables are made when first asked for.

    Args:
        seed: 0 or more. Another seed is another shop: other people, other products.
        n_users: 20 or more.
        n_products: 40 or more.
        relatedness: -1 to 1; the other dials: see ``Dials``.

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
        momentum: float = 0.0,
        content: float = 0.0,
        mentions: float = 0.0,
        late: float = 0.0,
        views: float = 0.0,
    ) -> None:
        _require_whole("seed", seed, 0)
        _require_whole("n_users", n_users, 20)
        _require_whole("n_products", n_products, 40)
        self.dials = Dials(
            relatedness=relatedness,
            similarity=similarity,
            sparsity=sparsity,
            selection=selection,
            noise=noise,
            momentum=momentum,
            content=content,
            mentions=mentions,
            late=late,
            views=views,
        )
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
        facts = make_facts(stream(self.seed, "facts"), products)
        segment = users["segment"].cat.codes.to_numpy()
        label_taste = make_label_taste(stream(self.seed, "content"), segment)
        content = self.dials.content
        return Buying(users, products, taste.of_user, hidden, leniency, facts, label_taste, content)

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
    def _momentum(self) -> Momentum:
        return Momentum(self._buying, self.dials.momentum)

    @cached_property
    def _bought(self) -> pd.DataFrame:
        rng = stream(self.seed, "purchases")
        if self.dials.momentum:
            return self._momentum.make_purchases(rng, stream(self.seed, "momentum"))
        return self._buying.make_purchases(rng)

    @cached_property
    def _delivered(self) -> pd.DataFrame:
        rng, late = stream(self.seed, "delivery"), self.dials.late
        made = make_deliveries(rng, self._bought, self.users, self.products, late)
        return pd.concat([self._bought, made], axis=1)

    @cached_property
    def deliveries(self) -> pd.DataFrame:
        """One row a purchase, in the order of ``purchases``: user_id, product_id, late (0 or 1).

        And the truth: ``p_late``, the chance of it; ``rating_in_time``, the stars that the
        purchase would have got in time, missing where it was not rated. All are in time unless
        the dial ``late`` is turned.
        """
        keys = ["user", "product"]
        rows = self._delivered[[*keys, "late", "p_late"]]
        rows = rows.merge(self._rated[[*keys, "rating_in_time"]], on=keys, how="left")
        return self._with_ids(rows)

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
        return self._with_ids(self._rated.drop(columns=["late", "rating_in_time"]))

    @cached_property
    def _rated(self) -> pd.DataFrame:
        return self._buying.make_ratings(stream(self.seed, "ratings"), self._delivered)

    @cached_property
    def _reviewed(self) -> pd.DataFrame:
        """The reviews with row numbers, their views and the chance that a view helps."""
        rng = stream(self.seed, "reviews")
        made = make_reviews(rng, self._rated, self.products, self._facts.kind)
        views = make_views(stream(self.seed, "views"), made, self.dials.views)
        return made.assign(**{name: views[name] for name in views})

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """One row a rating with words, by time. Columns: ``reviews.make_reviews``."""
        return self._with_ids(self._reviewed.drop(columns=["views", "p_helpful"]))

    @cached_property
    def review_views(self) -> pd.DataFrame:
        """One row a review, in the order of ``reviews``: user_id, product_id, views.

        ``views`` is a whole number, up to the end of 2024. ``p_helpful`` is truth: the chance
        that a view brings a helpful vote, whatever the place. How places and views come
        about: ``review_views.make_views``. With the dial ``views`` turned, votes divided by
        views flatter the reviews with many views: luck with the first votes brought them.
        """
        return self._with_ids(self._reviewed[["user", "product", "views", "p_helpful"]])

    @property
    def _facts(self) -> Facts:
        return self._buying.facts

    @cached_property
    def _false_mentions(self) -> np.ndarray:
        return make_false_mentions(stream(self.seed, "mentions"), self._facts, self.dials.mentions)

    @cached_property
    def false_mentions(self) -> pd.DataFrame:
        """Truth: one row a label that a title names falsely: product_id, language, label.

        Empty unless the dial ``mentions`` is turned. ``listings["labels"]`` stays true.
        """
        language, product, label = np.nonzero(self._false_mentions)
        return pd.DataFrame(
            {
                "product_id": self.products["product_id"].array.take(product),
                "language": pd.Categorical.from_codes(language, list(LANGUAGES)),
                "label": pd.array([LABELS[one].en for one in label], dtype="str"),
            }
        )

    @cached_property
    def listings(self) -> pd.DataFrame:
        """One row a product: tree, titles, labels. Columns: ``listings.make_listings``."""
        rng = stream(self.seed, "listings")
        return make_listings(rng, self.products, self._facts, self._false_mentions)

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

    def visible_probabilities(self, log: pd.DataFrame, ids: Collection[str] = ()) -> pd.DataFrame:
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
        return self._log.visible_probabilities(log, ids)

    def expected_rating(self, user_ids: npt.ArrayLike, product_ids: npt.ArrayLike) -> np.ndarray:
        """Truth: the mean rating that this user would give this product in time, 1 to 5.

        Where nothing is late, nothing that knows only user and product can predict ratings
        with less RMSE.

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
        The dial ``content`` is in it, ``momentum`` is not: see ``next_purchase``.
        """
        users, products = self._users_at(user_ids), self._products_at(product_ids)
        return self._buying.affinity(users, products)

    def next_purchase(
        self,
        user_ids: Sequence[str],
        histories: Sequence[Sequence[str]],
        timestamps: Sequence[int] | np.ndarray,
    ) -> np.ndarray:
        """Truth: the chance of each product to be what this user buys next.

        With ``momentum`` above 0, purchases are drawn with these chances, one after the other.
        At 0 a year's purchases are drawn together and put in an order by lot: sort by these
        chances, but do not read them as probabilities.

        Args:
            user_ids: n ids.
            histories: the products that each of them has bought before, ids, the oldest first.
            timestamps: when each buys, unix seconds. What is not yet released has chance 0.

        Returns:
            ``[n, n_products]``, in the order of ``products``; rows sum to 1, and what has
            been bought has chance 0.

        Raises:
            CourseError: if an id is unknown, if the three do not have the same length, or if
                nothing is left to be bought.
        """
        users = self._users_at(user_ids)
        at = np.asarray(timestamps, dtype=np.int64)
        if not len(users) == len(histories) == len(at):
            raise CourseError(
                "next_purchase needs one history and one timestamp for each user, got "
                f"{len(users)} users, {len(histories)} histories, {len(at)} timestamps."
            )
        past = [self._products_at(history) for history in histories]
        return self._momentum.chances(users, past, at)

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
