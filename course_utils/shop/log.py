"""The log of the shop: every product shown in three scenarios, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.buying import Buying
from course_utils.shop.dials import Dials
from course_utils.shop.events import cart_seconds
from course_utils.shop.lists import LENGTH, STRIP, Lists
from course_utils.shop.people import Taste
from course_utils.shop.queries import Queries
from course_utils.shop.sessions import DEVICES, SCENARIOS, WEATHER, Visitors
from course_utils.shop.streams import settled, stream
from course_utils.shop.truth import Truth, cart_chance
from course_utils.shop.visible import CHANCES, Visible, checked

CART_SHARE = 0.05
"""Of impressions. Strips follow full carts: where clicks are rare, so are strips."""

HOME_POLICY = 0.5
"""How well the home feed puts first what draws clicks: weight of the true score."""

AT_ONCE = 0.6
"""Share of purchases within an hour of the click."""

DELAY_DAYS = 2.0
"""Mean delay of the others, for a product of average price; 1.6 times that where the log of
the price is one standard deviation higher. 30 days at most."""

OF_USER = ("segment", "city", "price_sensitivity", "tenure_days")
OF_PRODUCT = ("category", "brand", "price")


class Log:
    """Draws the log block by block; a block depends on nothing but seed and block number."""

    def __init__(
        self, seed: int, buying: Buying, taste: Taste, queries: Queries, dials: Dials
    ) -> None:
        self._seed = seed
        self._buying = buying
        self._taste = taste
        self._queries = queries
        self._visitors = Visitors(seed, buying.users)
        self._lists = Lists(stream(seed, "engine"), buying.products, buying.hidden, queries)
        rng = stream(seed, "scenarios")
        self._truth = Truth(rng, buying, dials)
        self._fit(rng)
        log_price = np.log(buying.products["price"].to_numpy())
        dear = (log_price - log_price.mean()) / log_price.std()
        self._delay_hours = settled(24.0 * DELAY_DAYS * np.exp(0.47 * dear))

    @cached_property
    def _visible(self) -> Visible:
        rng = stream(self._seed, "visible")
        return Visible(self._truth, self._buying, self._taste, self._lists, rng)

    def visible_probabilities(self, log: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
        """See ``Shop.visible_probabilities``."""
        chances = self._visible.chances(self._coded(log), checked(ids))
        return pd.DataFrame(dict(zip(CHANCES, chances, strict=True)), index=log.index)

    def blocks(self, n: int) -> Iterator[pd.DataFrame]:
        """The first n rows of the log, by session and time, a block of sessions at a time."""
        block, requests, impressions = 0, 0, 0
        while impressions < n:
            rows = self._block(block).head(n - impressions)
            rows.insert(0, "impression", impressions + np.arange(len(rows)))
            rows["request"] += requests
            impressions += len(rows)
            requests = int(rows["request"].iat[-1]) + 1
            block += 1
            yield rows

    def _fit(self, rng: np.random.Generator) -> None:
        """Meet rates and shares on a drawn block, and on strips for what its users put in."""
        rows = self._unranked(rng, self._visitors.requests(rng, 0))
        self._truth.fit_scores(rows[rows["scenario"] == 0])
        rows = self._ranked(rng, rows)
        self._truth.fit_rates(rows)
        _, p_click, p_buy = self._truth.chances(rows)
        p_cart = p_click * cart_chance(p_buy)
        cumulative = np.cumsum(p_cart)
        draws = rng.random(len(rows) // 8) * cumulative[-1]
        self._truth.fit_rates(self._strips(rng, rows.take(np.searchsorted(cumulative, draws))))
        # Chance that a list of LENGTH products puts something in the cart.
        none = np.exp(np.log1p(-p_cart).reshape(-1, LENGTH).sum(axis=1))
        strips_a_list = CART_SHARE / STRIP * LENGTH / (1.0 - CART_SHARE)
        self._strip_chance = min(1.0, round(float(strips_a_list / (1.0 - none).mean()), 6))

    def _unranked(self, rng: np.random.Generator, requests: pd.DataFrame) -> pd.DataFrame:
        """``LENGTH`` rows for each request; results of a search in order, home pages not yet."""
        search = (requests["scenario"] == 1).to_numpy()
        product = np.empty((len(requests), LENGTH), dtype=np.int64)
        product[~search] = self._lists.home(rng, int((~search).sum()))
        query = np.full(len(requests), -1)
        query[search], product[search] = self._lists.search(rng, int(search.sum()))
        rows = requests.assign(query=query, anchor=-1, request=np.arange(len(requests)))
        return self._filled(rows, product)

    def _filled(self, requests: pd.DataFrame, product: np.ndarray) -> pd.DataFrame:
        """One row for each product of each list, with position and relevance."""
        n, length = product.shape
        rows = requests.take(np.repeat(np.arange(n), length)).reset_index(drop=True)
        rows["product"] = product.ravel()
        rows["position"] = np.tile(np.arange(1, length + 1), n)
        relevance = np.full(len(rows), -1)
        searched = np.flatnonzero(rows["query"] >= 0)
        relevance[searched] = self._queries.relevance(
            rows["query"].to_numpy()[searched], rows["product"].to_numpy()[searched]
        )
        rows["relevance"] = relevance
        return rows

    def _ranked(self, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
        """Home pages put in order: what draws clicks tends to come first."""
        home = np.flatnonzero(rows["scenario"] == 0)
        at_home = rows.take(home)
        key = HOME_POLICY * self._truth.scores(at_home)[0] + rng.gumbel(size=len(home))
        order = np.argsort(-key.reshape(-1, LENGTH), axis=1, kind="stable")
        product = at_home["product"].to_numpy().reshape(-1, LENGTH)
        ranked = rows["product"].to_numpy().copy()
        ranked[home] = np.take_along_axis(product, order, axis=1).ravel()
        return rows.assign(product=ranked)

    def _strips(self, rng: np.random.Generator, carted: pd.DataFrame) -> pd.DataFrame:
        """The strip that follows each of these rows, 5 seconds after the product went in."""
        anchor = carted["product"].to_numpy()
        at = carted["timestamp"] + cart_seconds(carted["position"]) + 5
        requests = carted.drop(columns=["product", "position", "relevance"]).assign(
            scenario=2, query=-1, anchor=anchor, timestamp=at
        )
        return self._filled(requests, self._lists.cart(rng, anchor))

    def _block(self, block: int) -> pd.DataFrame:
        rng = stream(self._seed, "log", block)
        rows = self._unranked(rng, self._visitors.requests(rng, block))
        rows = self._outcomes(rng, self._ranked(rng, rows))
        # At most one strip a list: after the first product of it that went into the cart.
        first = rows[rows["cart"] == 1].drop_duplicates("request")
        first = first.take(np.flatnonzero(rng.random(len(first)) < self._strip_chance))
        strips = self._outcomes(rng, self._strips(rng, first.drop(columns=OUTCOMES)))
        rows = pd.concat([rows, strips], ignore_index=True)
        order = np.lexsort((rows["scenario"] == 2, rows["request"]))
        rows = rows.take(order).reset_index(drop=True)
        new = (rows["position"] == 1).to_numpy()
        return self._named(rows.assign(request=np.cumsum(new) - 1))

    def _outcomes(self, rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with ``OUTCOMES``: what happened, and the chances it was drawn with."""
        p_examine, p_click, p_buy = self._truth.chances(rows)
        draws = rng.random((4, len(rows)))
        click = draws[0] < p_click
        p_cart = cart_chance(p_buy)
        cart = click & (draws[1] < p_cart)
        # One draw for both: whoever buys had it in the cart.
        purchase = click & (draws[1] < p_buy)
        late = draws[2] >= AT_ONCE
        mean = self._delay_hours[rows["product"].to_numpy()]
        hours = np.where(late, 1.0 - mean * np.log1p(-draws[3]), draws[3])
        hours = np.round(np.minimum(hours, 720.0), 2)
        return rows.assign(
            click=click.astype(np.int64),
            cart=cart.astype(np.int64),
            purchase=purchase.astype(np.int64),
            hours_to_purchase=np.where(purchase, hours, np.nan),
            p_examine=p_examine,
            p_click=p_click,
            p_cart_given_click=p_cart,
            p_purchase_given_click=p_buy,
        )

    @cached_property
    def _ids(self) -> tuple[pd.Series, pd.Series, pd.Series]:
        users, products = self._buying.users, self._buying.products
        return users["user_id"], products["product_id"], self._queries.table["query_id"]

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Row numbers and codes as ids and names, in the order of the card."""
        user_ids, product_ids, query_ids = self._ids
        u, p = rows["user"].to_numpy(), rows["product"].to_numpy()
        users, products = self._buying.users, self._buying.products
        return pd.DataFrame(
            {
                "session": rows["session"],
                "request": rows["request"],
                "timestamp": rows["timestamp"],
                "scenario": pd.Categorical.from_codes(rows["scenario"], list(SCENARIOS)),
                "position": rows["position"],
                "user_id": user_ids.array.take(u),
                "product_id": product_ids.array.take(p),
                "query_id": query_ids.array.take(rows["query"], allow_fill=True),
                "anchor_id": product_ids.array.take(rows["anchor"], allow_fill=True),
                "hour": rows["hour"],
                "weekday": rows["weekday"],
                "weather": pd.Categorical.from_codes(rows["weather"], list(WEATHER)),
                "device": pd.Categorical.from_codes(rows["device"], list(DEVICES)),
                **{name: users[name].array.take(u) for name in OF_USER},
                **{name: products[name].array.take(p) for name in OF_PRODUCT},
                **{name: rows[name] for name in OUTCOMES},
                "relevance": rows["relevance"].where(rows["relevance"] >= 0).astype(float),
            }
        )

    def _coded(self, log: pd.DataFrame) -> pd.DataFrame:
        """Rows of the log as row numbers and codes again: what ``Truth`` reads."""
        users, products, queries = (pd.Index(ids) for ids in self._ids)
        user, product = users.get_indexer(log["user_id"]), products.get_indexer(log["product_id"])
        if min(user.min(initial=0), product.min(initial=0)) < 0:
            raise CourseError(
                "The log has customers or products that are not of this shop: pass rows that "
                "its own log() made."
            )
        query = queries.get_indexer(log["query_id"])
        grade = self._queries.relevance(query, product)
        return pd.DataFrame(
            {
                "user": user,
                "product": product,
                "query": query,
                "scenario": _codes(log["scenario"], SCENARIOS),
                "position": log["position"].to_numpy(),
                "hour": log["hour"].to_numpy(),
                "weekday": log["weekday"].to_numpy(),
                "weather": _codes(log["weather"], WEATHER),
                "device": _codes(log["device"], DEVICES),
                "relevance": np.where(query >= 0, grade, -1),
            }
        )


def _codes(column: pd.Series, names: Sequence[str]) -> np.ndarray:
    return pd.Index(names).get_indexer(column.astype(object))


OUTCOMES = [
    "click",
    "cart",
    "purchase",
    "hours_to_purchase",
    "p_examine",
    "p_click",
    "p_cart_given_click",
    "p_purchase_given_click",
]
