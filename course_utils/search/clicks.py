"""What the log of searches tells: who clicked what where, and what was examined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.search.catalogue import Catalogue

LENGTH = 10
"""Positions of a page of results."""


@dataclass(frozen=True)
class Searches:
    """The search part of a log as arrays, ``[rows]`` each, one row a product shown.

    Attributes:
        query, product: row and column of the catalogue.
        page: number of the page of results that the row stood on, not falling.
        position: 0 to 9, the first is 0; device: code.
        click: 0.0 or 1.0.
        p_examine: truth, the probability that the position was examined.
        p_click_if_seen: truth, the probability of a click once it was.
    """

    query: np.ndarray
    product: np.ndarray
    page: np.ndarray
    position: np.ndarray
    device: np.ndarray
    click: np.ndarray
    p_examine: np.ndarray
    p_click_if_seen: np.ndarray

    @classmethod
    def of(cls, log: pd.DataFrame, catalogue: Catalogue) -> Searches:
        """The search rows of ``Shop.log``."""
        rows = log[log["scenario"] == "search"]
        p_examine = rows["p_examine"].to_numpy()
        return cls(
            query=catalogue.query_ids.get_indexer(rows["query_id"].astype(object)),
            product=catalogue.product_ids.get_indexer(rows["product_id"].astype(object)),
            page=rows["request"].to_numpy(),
            position=rows["position"].to_numpy() - 1,
            device=rows["device"].cat.codes.to_numpy().astype(int),
            click=rows["click"].to_numpy(dtype=float),
            p_examine=p_examine,
            p_click_if_seen=rows["p_click"].to_numpy() / p_examine,
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
            rng: draws the clicks, with the true probabilities.
        """
        order = np.lexsort((-score, self.page))
        new_page = np.r_[True, np.diff(self.page[order]) != 0]
        at = np.arange(len(order))
        position = np.empty_like(self.position)
        position[order] = at - np.maximum.accumulate(np.where(new_page, at, 0))
        p_examine = self._seen()[self.device, position]
        click = (rng.random(len(position)) < p_examine * self.p_click_if_seen).astype(float)
        return self.replaced(position, click, p_examine)

    def replaced(self, position: np.ndarray, click: np.ndarray, p_examine: np.ndarray) -> Searches:
        """A copy with these three exchanged."""
        same = (self.query, self.product, self.page)
        return Searches(*same, position, self.device, click, p_examine, self.p_click_if_seen)

    def with_swaps(
        self, n_times: int, rng: np.random.Generator, with_first: bool = False
    ) -> tuple[Searches, np.ndarray]:
        """The same pages ``n_times`` more, each with two products that change places at random.

        Args:
            n_times: how often each page is shown again, with clicks of its own.
            rng: chooses one pair a page, swaps half of them and draws the clicks, with the true
                probabilities.
            with_first: the pair is the first position and another; else two neighbours.

        Returns:
            The log of these pages, and for each row the upper position of its page's pair of
            neighbours; ``with_first`` the lower one.
        """
        rows = np.tile(np.arange(len(self.page)), n_times)
        each = np.unique(self.page, return_inverse=True)[1]
        page = each[rows] + np.repeat(np.arange(n_times), len(each)) * (each.max() + 1)
        lower = rng.integers(1, LENGTH, page.max() + 1)[page]
        upper = np.zeros_like(lower) if with_first else lower - 1
        swapped = (rng.random(page.max() + 1) < 0.5)[page]
        position = self.position[rows]
        step = (position == upper).astype(int) - (position == lower)
        # A page of the log that is cut off may lack the lower one; the upper then stays.
        step[lower >= np.bincount(page)[page]] = 0
        position = position + step * (lower - upper) * swapped
        seen = self._seen()
        p_examine = seen[self.device[rows], position]
        click = (rng.random(len(rows)) < p_examine * self.p_click_if_seen[rows]).astype(float)
        log = Searches(
            query=self.query[rows],
            product=self.product[rows],
            page=page,
            position=position,
            device=self.device[rows],
            click=click,
            p_examine=p_examine,
            p_click_if_seen=self.p_click_if_seen[rows],
        )
        return log, lower if with_first else upper

    def _seen(self) -> np.ndarray:
        """Truth: the examination probability of each device and position."""
        seen = np.zeros((int(self.device.max()) + 1, LENGTH))
        seen[self.device, self.position] = self.p_examine
        return seen

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


def examination_by_position(
    pair: np.ndarray, position: np.ndarray, click: np.ndarray, n_rounds: int = 1000
) -> np.ndarray:
    """The examination probability of each position, from clicks alone; the first is 1.

    The position-based model p(click) = examination[position] appeal[pair] (Richardson et
    al. 2007), for rare clicks: clicks as Poisson counts. Given the other side, each side has
    its best value in closed form, clicks over expected clicks; the two take turns. A pair that
    stood at several positions is what tells examination and appeal apart.

    Args:
        pair: number of query and product, from 0, ``[rows]``.
        position: from 0, ``[rows]``; click: 0 or 1, ``[rows]``.
        n_rounds: turns at most; it ends where none moves a value by a millionth. Where pairs hardly
            move, 30 turns are too few: the start, all 1, is still in the result.

    Returns:
        ``[positions]``. A position without a click gets 0.
    """
    n_pairs, n_positions = int(pair.max()) + 1, int(position.max()) + 1
    clicks_of_pair = np.bincount(pair, click, n_pairs)
    clicks_at = np.bincount(position, click, n_positions)
    examination = np.ones(n_positions)
    for _ in range(n_rounds):
        appeal = clicks_of_pair / np.maximum(
            np.bincount(pair, examination[position], n_pairs), 1e-9
        )
        before = examination
        examination = clicks_at / np.maximum(np.bincount(position, appeal[pair], n_positions), 1e-9)
        examination = examination / examination[0]
        if np.abs(examination - before).max() < 1e-6:
            break
    return examination


def examination_from_swaps(
    upper: np.ndarray, position: np.ndarray, click: np.ndarray
) -> np.ndarray:
    """The examination probability of each position from pages with swapped neighbours.

    In each page two neighbours, at ``upper`` and ``upper + 1``, changed places at random. So the
    same products stood at both, and clicks below over clicks above is the ratio of the two
    examination probabilities under the position-based model; the product of these ratios leads
    from the first position to any other. Joachims et al. (WSDM 2017) swap the first and the k-th.

    Args:
        upper: the upper position of the page's pair, from 0, ``[rows]``.
        position: from 0, ``[rows]``; click: 0 or 1, ``[rows]``.

    Returns:
        ``[positions]``; the first is 1. What lies below a pair without a click above is nan.
    """
    n = int(upper.max()) + 1
    above, below = position == upper, position == upper + 1
    clicks_above = np.bincount(upper[above], click[above], n)
    clicks_below = np.bincount(upper[below], click[below], n)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(clicks_above > 0, clicks_below / clicks_above, np.nan)
    return np.cumprod(np.append(1.0, ratio))
