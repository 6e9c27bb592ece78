"""Purchases one after the other: what was bought last pulls on what is bought next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import softmax

from course_utils.errors import CourseError
from course_utils.shop.buying import SECONDS_A_DAY, YEAR_START, Buying, are_rated
from course_utils.shop.catalogue import DAYS
from course_utils.shop.queries import CATEGORY_OF_KIND
from course_utils.shop.streams import settled

KEEP = 0.5
"""What is left of the pull of a purchase once another has followed it."""

SAME_CATEGORY = 0.5
"""Pull of a purchase on its own category, where the kind that follows has 1."""


CELLS = 10_000_000
"""Customers are drawn together as long as they times the products are not more than this."""


def _pull() -> np.ndarray:
    """Pull of one purchase on the next, ``[kind bought, kind]``.

    In each category the kinds stand in a circle: after a tent a sleeping bag, after a hammock
    a tent. So the order of purchases matters, not only which they are.
    """
    pull = SAME_CATEGORY * (CATEGORY_OF_KIND[:, None] == CATEGORY_OF_KIND)
    for kinds in (np.flatnonzero(row) for row in pull):
        pull[kinds, np.roll(kinds, -1)] = 1.0
    return pull


PULL = _pull()


class Momentum:
    """The next purchase, given those before it.

    With a the affinity, k(p) the kind of product p, and b_1, b_2, ... what the user has bought,
    the last first::

        p(next = p) = softmax over the products on sale and not bought yet of
                      a(user, p) + momentum (PULL[k(b_1), k(p)] + PULL[k(b_2), k(p)] / 2
                                             + PULL[k(b_3), k(p)] / 4 + ...)
    """

    def __init__(self, buying: Buying, momentum: float) -> None:
        self._buying = buying
        self._momentum = momentum
        self._kind = buying.facts.kind

    def chances(
        self, users: np.ndarray, histories: Sequence[np.ndarray], at: np.ndarray
    ) -> np.ndarray:
        """The chance of each product to be bought next, ``[n, n_products]``; rows sum to 1.

        Args:
            users: row numbers, ``[n]``.
            histories: row numbers of the products that each has bought, the oldest first.
            at: ``[n]``, unix seconds of the purchase: what is released later has chance 0.
        """
        recent = np.zeros((len(users), len(PULL)))
        products = np.arange(len(self._kind))
        released = YEAR_START + SECONDS_A_DAY * self._buying.first_days()[1]
        out = released > at[:, None]
        for row, history in enumerate(histories):
            for kind in self._kind[history]:
                recent[row] = KEEP * recent[row] + PULL[kind]
            out[row, history] = True
        if out.all(axis=1).any():
            raise CourseError("A user has bought all that is on sale: nothing can be next.")
        logit = self._buying.affinity(users[:, None], products[None, :])
        logit = logit + self._momentum * recent[:, self._kind]
        return softmax(np.where(out, -np.inf, logit), axis=1)

    def make_purchases(
        self, counted: np.random.Generator, rng: np.random.Generator
    ) -> pd.DataFrame:
        """Each user's purchases, drawn one after the other; a frame as ``Buying`` makes it.

        Each user buys as often as without momentum, at times drawn evenly between joining and
        the end of the year; only where all that is on sale has been bought there is no purchase.

        Args:
            counted: the stream of purchases, for how many there are; rng: the dial's own.
        """
        n_rated, n_bought = self._buying.counts(counted)
        table = _by_kind(self._kind)
        n_users, chunk = len(n_bought), max(CELLS // table.size, 1)
        pieces = [
            self._chunk(rng, np.arange(start, min(start + chunk, n_users)), n_bought, table)
            for start in range(0, n_users, chunk)
        ]
        bought = pd.concat(pieces, ignore_index=True)
        bought["draw"] = rng.random(len(bought))
        bought["rated"] = are_rated(bought, n_rated)
        # Rows stand user by user in order of purchase: a stable sort keeps it within a second.
        bought = bought.sort_values("timestamp", kind="stable", ignore_index=True)
        return bought[["user", "product", "timestamp", "rated"]]

    def _chunk(
        self, rng: np.random.Generator, u: np.ndarray, n_bought: np.ndarray, table: np.ndarray
    ) -> pd.DataFrame:
        """The purchases of users ``u``, user by user in order: a step is one purchase of each.

        A purchase is drawn in two parts, first the kind by its total weight, then a product of
        it: the largest of 120 and of some dozen keys, in place of thousands.
        """
        joined, released = (SECONDS_A_DAY * day for day in self._buying.first_days())
        steps = int(n_bought[u].max())
        none = np.arange(steps) >= n_bought[u, None]
        first = joined[u, None]
        when = first + np.floor(rng.random(none.shape) * (DAYS * SECONDS_A_DAY - first))
        when = np.sort(np.where(none, np.inf, when), axis=1)
        on_sale = np.searchsorted(np.sort(released), when, side="right")

        logit = self._buying.affinity(u[:, None], table.ravel()[None, :])
        logit = np.where(table < 0, -np.inf, logit.reshape(len(u), *table.shape))
        total = _total(logit)
        recent = np.zeros(total.shape)
        product = np.full(none.shape, -1)
        n_done = np.zeros(len(u), dtype=np.int64)
        for step in range(steps):
            row = np.flatnonzero(~none[:, step] & (n_done < on_sale[:, step]))
            now = when[row, step]
            pull = self._momentum * recent[row]
            kind, place = _draw(rng, total[row] + pull, logit, row)
            # Who has drawn what is not on sale yet draws again, from what is.
            early = np.flatnonzero(released[table[kind, place]] > now)
            there = released[table] <= now[early, None, None]
            logit_there = np.where(there, logit[row[early]], -np.inf)
            key = _total(logit_there) + pull[early]
            kind[early], place[early] = _draw(rng, key, logit_there, np.arange(len(early)))
            product[row, step] = table[kind, place]
            n_done[row] += 1
            logit[row, kind, place] = -np.inf
            total[row, kind] = _total(logit[row, kind])
            recent[row] = KEEP * recent[row] + PULL[kind]
        buyer, step_of = np.nonzero(product >= 0)
        return pd.DataFrame(
            {
                "user": u[buyer],
                "product": product[buyer, step_of],
                "timestamp": YEAR_START + when[buyer, step_of].astype(np.int64),
            }
        )


def _draw(
    rng: np.random.Generator, total: np.ndarray, logit: np.ndarray, row: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A kind for each row by the weights ``total``, and a place in it by its ``logit``.

    The largest after Gumbel noise is a draw by weight.
    """
    kind = (total + rng.gumbel(size=total.shape)).argmax(axis=1)
    inside = logit[row, kind]
    return kind, (inside + rng.gumbel(size=inside.shape)).argmax(axis=1)


def _total(logit: np.ndarray) -> np.ndarray:
    """Log of the summed weights along the last axis; minus infinity where nothing is left."""
    with np.errstate(divide="ignore"):
        return settled(np.log(np.exp(logit).sum(axis=-1)))


def _by_kind(kind: np.ndarray) -> np.ndarray:
    """Row numbers of the products of each kind, ``[kinds, most]``, filled up with -1."""
    some = [np.flatnonzero(kind == k) for k in range(len(PULL))]
    table = np.full((len(PULL), max(len(one) for one in some)), -1)
    for row, one in zip(table, some, strict=True):
        row[: len(one)] = one
    return table
