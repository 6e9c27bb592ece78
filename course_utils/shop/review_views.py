"""How often a review is read: those with votes are shown first, and the first are read more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.shop.reviews import VIEWS_A_YEAR, YEAR_END
from course_utils.shop.streams import settled

STEPS = 73
"""Of five days each: after each step the pages are sorted anew."""


def make_views(rng: np.random.Generator, reviews: pd.DataFrame, steepness: float) -> pd.DataFrame:
    """Views and helpful votes of each review up to the end of 2024.

    A product's page shows its reviews by votes, of equal ones the newest first. In a step of
    five days a page with n reviews has n times the views of one; the review in place r gets a
    share of them that goes by r^-steepness. A view brings a vote with the chance ``p_helpful``,
    which depends on the review alone.

    Args:
        rng: the stream of the dial ``views``.
        reviews: rows by time with ``product``, ``timestamp``, ``p_helpful``, ``mean_votes`` and
            ``helpful_votes``.
        steepness: 0 or more. At 0 the votes of ``reviews`` stay, and views are drawn that go
            with them.

    Returns:
        ``helpful_votes`` and ``views``, row by row, whole numbers.
    """
    chance = reviews["p_helpful"].to_numpy()
    votes = reviews["helpful_votes"].to_numpy()
    years = np.clip((YEAR_END - reviews["timestamp"].to_numpy()) / (365 * 86_400), 0.0, 1.0)
    if steepness == 0:
        # Votes and views without a vote are independent Poisson counts.
        others = rng.poisson(VIEWS_A_YEAR * years * (1.0 - chance))
        return pd.DataFrame({"helpful_votes": votes, "views": votes + others}, index=reviews.index)
    page = reviews["product"].to_numpy()
    votes, others = np.zeros(len(page), dtype=np.int64), np.zeros(len(page), dtype=np.int64)
    for step in range(STEPS):
        # The part of this step in which the review stands on its page.
        there = np.clip(years * STEPS - (STEPS - 1 - step), 0.0, 1.0)
        rows = np.flatnonzero(there > 0)
        order = rows[np.lexsort((-rows, -votes[rows], page[rows]))]
        place = _places(page[order])
        weight = there[order] * settled(place**-steepness)
        on_page = np.bincount(page[order], weights=weight)[page[order]]
        views_of_page = np.bincount(page[order], weights=there[order])[page[order]]
        mean = VIEWS_A_YEAR / STEPS * views_of_page * weight / on_page
        votes[order] += rng.poisson(mean * chance[order])
        others[order] += rng.poisson(mean * (1.0 - chance[order]))
    return pd.DataFrame({"helpful_votes": votes, "views": votes + others}, index=reviews.index)


def _places(page: np.ndarray) -> np.ndarray:
    """1, 2, ... within each run of equal values."""
    new = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])
    return np.arange(len(page)) - np.repeat(new, np.diff(np.r_[new, len(page)])) + 1.0
