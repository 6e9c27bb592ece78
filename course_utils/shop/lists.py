"""Which products a list shows: three scenarios, three ways to choose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.shop.catalogue import CATEGORIES, Hidden
from course_utils.shop.listings import department_codes
from course_utils.shop.queries import Queries
from course_utils.shop.streams import settled

LENGTH = 10
"""Products on a page of the home feed or of search results."""

STRIP = 5
"""Products in a strip of cart recommendations."""

ENGINE_NOISE = 0.8
"""Error of the search engine, in grades of relevance: it ranks by relevance plus error."""

SEARCH_POOL, CART_POOL = 40, 60

GRADE_LISTS = 64
"""Lists of each query that tell how relevant what stands at a position is."""


class Lists:
    """The shop's three policies. They know nothing of the single user.

    - home: products by popularity, less strongly than they sell
    - search: by what the engine takes for relevance, with the query's relevance partly missed
    - cart: to go with a product; of its department but another category, and cheap
    """

    def __init__(
        self, rng: np.random.Generator, products: pd.DataFrame, hidden: Hidden, queries: Queries
    ) -> None:
        n = len(products)
        share = settled(np.exp(0.5 * hidden.pull))
        self._cumulative = np.cumsum(share)
        self._query_share = np.cumsum(queries.table["share"].to_numpy())
        relevance = queries.relevance(np.arange(len(queries.table))[:, None], np.arange(n))
        engine = relevance + ENGINE_NOISE * rng.normal(size=relevance.shape) + 0.2 * hidden.pull
        self._search_pool = _best(engine, min(SEARCH_POOL, n))
        self._search_score = np.take_along_axis(engine, self._search_pool, axis=1)
        category = products["category"].cat.codes.to_numpy()
        department = department_codes()
        dear = settled(np.log(products["price"].to_numpy()))
        every = np.arange(len(CATEGORIES))[:, None]
        goes_with = (
            1.5 * (department[category] == department[every])
            - 2.0 * (category == every)
            + 0.5 * hidden.pull
            - 0.8 * dear
            + rng.gumbel(size=(len(CATEGORIES), n))
        )
        self._cart_pool = _best(goes_with, min(CART_POOL, n))
        self._category = category
        self._queries = queries

    def home(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Products of n pages of the home feed, ``[n, LENGTH]``, all different in a page.

        Systematic sampling: equal steps through the cumulative share from a random start.
        """
        steps = (np.arange(LENGTH) + rng.random(n)[:, None]) / LENGTH
        return np.searchsorted(self._cumulative, steps * self._cumulative[-1])

    def search(self, rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Queries ``[n]``, and products of their result pages in order, ``[n, LENGTH]``."""
        query = np.searchsorted(self._query_share, rng.random(n) * self._query_share[-1])
        key = 2.0 * self._search_score[query] + rng.gumbel(size=(n, self._search_pool.shape[1]))
        return query, np.take_along_axis(self._search_pool[query], _best(key, LENGTH), axis=1)

    def grades(self, rng: np.random.Generator) -> np.ndarray:
        """Truth: how often a search shows a product at a position with a grade of relevance.

        Products are drawn one after the other with weights, without replacement. A number of
        lists of each query is drawn, and each adds the chances of every product at each of its
        places, which says more than the products that were drawn.

        Returns:
            ``[n_products, LENGTH, 4]``, share of all searches.
        """
        weight = np.exp(2.0 * (self._search_score - self._search_score.max(axis=1)[:, None]))
        n, pool = weight.shape
        chance = np.zeros((n, LENGTH, pool))
        for _ in range(GRADE_LISTS):
            key = np.log(weight) + rng.gumbel(size=weight.shape)
            left = weight.copy()
            for place, drawn in enumerate(_best(key, LENGTH).T):
                chance[:, place] += left / left.sum(axis=1, keepdims=True)
                left[np.arange(n), drawn] = 0.0
        share = np.diff(self._query_share, prepend=0.0) / self._query_share[-1] / GRADE_LISTS
        query = np.arange(n)[:, None]
        grade = self._queries.relevance(query, self._search_pool)
        found = np.zeros((len(self._category), LENGTH, 4))
        for place in range(LENGTH):
            np.add.at(
                found[:, place], (self._search_pool, grade), share[:, None] * chance[:, place]
            )
        return found

    def cart(self, rng: np.random.Generator, anchor: np.ndarray) -> np.ndarray:
        """Strips for products put in the cart, ``[n, STRIP]``; never the product itself."""
        pool = self._cart_pool[self._category[anchor]]
        key = np.where(pool == anchor[:, None], -np.inf, rng.gumbel(size=pool.shape))
        return np.take_along_axis(pool, _best(key, STRIP), axis=1)


def _best(key: np.ndarray, k: int) -> np.ndarray:
    """Positions of the k largest keys of each row, largest first."""
    some = np.argpartition(-key, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(key, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)
