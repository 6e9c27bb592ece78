"""What the log of searches tells: who clicked what where, and who looked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.search.catalogue import Catalogue

LENGTH = 10
"""Places of a page of results."""


@dataclass(frozen=True)
class Searches:
    """The search part of a log as arrays, ``[rows]`` each, one row a product shown.

    Attributes:
        query, product: row and column of the catalogue.
        page: number of the page of results that the row stood on, not falling.
        place: 0 to 9; device: code.
        click: 0.0 or 1.0.
        p_look: truth, the chance that the place was looked at.
        p_click_if_seen: truth, the chance of a click once it was.
    """

    query: np.ndarray
    product: np.ndarray
    page: np.ndarray
    place: np.ndarray
    device: np.ndarray
    click: np.ndarray
    p_look: np.ndarray
    p_click_if_seen: np.ndarray

    @classmethod
    def of(cls, log: pd.DataFrame, catalogue: Catalogue) -> Searches:
        """The search rows of ``Shop.log``."""
        rows = log[log["scenario"] == "search"]
        p_look = rows["p_examine"].to_numpy()
        return cls(
            query=catalogue.query_ids.get_indexer(rows["query_id"].astype(object)),
            product=catalogue.product_ids.get_indexer(rows["product_id"].astype(object)),
            page=rows["request"].to_numpy(),
            place=rows["position"].to_numpy() - 1,
            device=rows["device"].cat.codes.to_numpy().astype(int),
            click=rows["click"].to_numpy(dtype=float),
            p_look=p_look,
            p_click_if_seen=rows["p_click"].to_numpy() / p_look,
        )

    @property
    def pair(self) -> np.ndarray:
        """A number for each distinct pair of query and product, from 0."""
        both = self.query * (int(self.product.max()) + 1) + self.product
        return np.unique(both, return_inverse=True)[1]

    def reordered(self, score: np.ndarray, rng: np.random.Generator) -> Searches:
        """The same pages in another order, with the clicks that this order would bring.

        Args:
            score: of each row; the highest of a page comes first.
            rng: draws the clicks, with the true chances.
        """
        order = np.lexsort((-score, self.page))
        new_page = np.r_[True, np.diff(self.page[order]) != 0]
        at = np.arange(len(order))
        place = np.empty_like(self.place)
        place[order] = at - np.maximum.accumulate(np.where(new_page, at, 0))
        look = np.zeros((int(self.device.max()) + 1, LENGTH))
        look[self.device, self.place] = self.p_look
        p_look = look[self.device, place]
        click = (rng.random(len(place)) < p_look * self.p_click_if_seen).astype(float)
        return self.replaced(place, click, p_look)

    def replaced(self, place: np.ndarray, click: np.ndarray, p_look: np.ndarray) -> Searches:
        """A copy with these three exchanged."""
        same = (self.query, self.product, self.page)
        return Searches(*same, place, self.device, click, p_look, self.p_click_if_seen)

    def rivals(self, first_page: int) -> tuple[np.ndarray, np.ndarray]:
        """Each click from this page on with each other product of its page: two row numbers.

        Returns:
            Rows that were clicked and, one for one, rows that stood on the same page.
        """
        starts = np.flatnonzero(np.r_[True, np.diff(self.page) != 0])
        sizes = np.diff(np.r_[starts, len(self.page)])
        start, size = np.repeat(starts, sizes), np.repeat(sizes, sizes)
        clicked = np.flatnonzero((self.click == 1) & (self.page >= first_page))
        chosen = np.repeat(clicked, size[clicked])
        step = np.arange(len(chosen)) - np.repeat(
            np.cumsum(size[clicked]) - size[clicked], size[clicked]
        )
        rival = start[chosen] + step
        return chosen[rival != chosen], rival[rival != chosen]


def attention_by_place(
    pair: np.ndarray, place: np.ndarray, click: np.ndarray, n_rounds: int = 30
) -> np.ndarray:
    """How much each place is looked at, from clicks alone; the first place is 1.

    The position-based model p(click) = attention[place] appeal[pair] (Richardson et al. 2007),
    for rare clicks: clicks as Poisson counts. Given the other side, each side has its best
    value in closed form, clicks over expected clicks; the two take turns. A pair that stood
    in several places is what tells attention and appeal apart.

    Args:
        pair: number of query and product, from 0, ``[rows]``.
        place: from 0, ``[rows]``; click: 0 or 1, ``[rows]``.
        n_rounds: turns.

    Returns:
        ``[places]``. A place without a click gets 0.
    """
    n_pairs, n_places = int(pair.max()) + 1, int(place.max()) + 1
    clicks_of_pair = np.bincount(pair, click, n_pairs)
    clicks_at = np.bincount(place, click, n_places)
    attention = np.ones(n_places)
    for _ in range(n_rounds):
        appeal = clicks_of_pair / np.maximum(np.bincount(pair, attention[place], n_pairs), 1e-9)
        attention = clicks_at / np.maximum(np.bincount(place, appeal[pair], n_places), 1e-9)
        attention = attention / attention[0]
    return attention
