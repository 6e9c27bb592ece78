"""The visible limit: the chances of a row as far as its columns tell them.

The Bayes limit of the log is out of reach: what a customer likes is in no column, and relevance
is withheld. A gap between a model and that limit has three parts, and these chances tell them
apart:

- hidden: what only the ids of customer and product could tell, after many rows of each
- withheld: what ``query_id`` would tell
- missed: what the model was shown and did not learn
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.buying import TASTE_STARS, Buying
from course_utils.shop.catalogue import OWN_QUALITY
from course_utils.shop.lists import Lists
from course_utils.shop.people import Taste
from course_utils.shop.streams import settled
from course_utils.shop.truth import Truth, cart_chance

IDS = ("user_id", "product_id", "query_id")

GRID = np.arange(-8.0, 8.25, 0.5)
"""Values of a standardised liking. Equal steps are exact enough: the trapezoidal rule gains digits
exponentially where the function is smooth and its ends are flat (Trefethen and Weideman, SIAM
Review 56, 2014)."""

CHUNK = 20_000
"""Rows at a time, so that memory does not grow with the log."""

CHANCES = ["p_click", "p_cart_given_click", "p_purchase_given_click"]


class Visible:
    """Means of the true chances given the visible columns.

    With h the liking and g the relevance of a row, and x its columns::

        p(click | x)           = E[p(click | x, h, g)]
        p(purchase | click, x) = E[p(click | x, h, g) p(purchase | click, x, h, g)] / p(click | x)

    where the mean runs over h and g given x. Those who clicked like the product better than
    others with the same columns, so the second line is not E[p(purchase | click, x, h, g)].

    Let S be what a segment likes and a what its customer likes besides, C what the products of
    a category have in common and b what a product has besides, q its quality. Then

        liking = q + TASTE_STARS / sqrt(d) (S + a)'(C + b) / 2,
        a, b ~ N(0, I),   q ~ N(brand's quality, OWN_QUALITY^2)

    An id that the model reads fixes its side: ``user_id`` fixes a, ``product_id`` fixes b and
    q. With one of them liking is normal; with none its characteristic function is known.

    Args:
        truth: of the log.
        buying: users, products and their taste.
        taste: of users and segments.
        lists: the shop's policies.
        rng: a stream for the lists that tell how relevant results are.
    """

    def __init__(
        self, truth: Truth, buying: Buying, taste: Taste, lists: Lists, rng: np.random.Generator
    ) -> None:
        self._truth = truth
        self._buying = buying
        self._segment_taste = taste.of_segment
        self._segment = buying.users["segment"].cat.codes.to_numpy()
        self._category = buying.products["category"].cat.codes.to_numpy()
        self._brand = buying.products["brand"].cat.codes.to_numpy()
        self._grades = lists.grades(rng)
        self._any_grades = _summed(self._grades, self._category)
        self._scale = TASTE_STARS / np.sqrt(self._segment_taste.shape[1])
        self._strangers = self._between_strangers()

    def chances(self, rows: pd.DataFrame, ids: Collection[str]) -> np.ndarray:
        """The three chances of each row in the order of ``CHANCES``, ``[3, n]``.

        Args:
            rows: numbers and codes as ``Truth`` reads them; ``relevance`` is read only where
                ``ids`` holds the query.
            ids: some of ``IDS``.
        """
        pieces = [rows.iloc[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
        return np.concatenate([self._piece(piece, ids) for piece in pieces], axis=1)

    def _piece(self, rows: pd.DataFrame, ids: Collection[str]) -> np.ndarray:
        shown = self._truth.shown(rows)
        liking, weight = self._likings(rows, ids)
        h = self._truth.standard(liking)
        grades = self._grade_weights(rows, "product_id" in ids, "query_id" in ids)
        sums = np.zeros((3, len(rows)))
        for grade in range(grades.shape[1]):
            at = np.flatnonzero(grades[:, grade] > 0)
            p_click, p_buy = self._truth.given(shown.take(at), grade, h[:, at])
            p_click = p_click * weight[:, at] * grades[at, grade]
            p_cart = cart_chance(p_buy)
            sums[:, at] += [p.sum(axis=0) for p in (p_click, p_click * p_cart, p_click * p_buy)]
        sums[1:] /= sums[0]
        return settled(sums)

    def _likings(self, rows: pd.DataFrame, ids: Collection[str]) -> tuple[np.ndarray, np.ndarray]:
        """Values of the liking in stars and their weights, ``[values, n]`` each."""
        u, p = rows["user"].to_numpy(), rows["product"].to_numpy()
        if "user_id" in ids and "product_id" in ids:
            return self._buying.liking(u, p)[None], np.ones((1, len(rows)))
        hidden, half = self._buying.hidden, np.sqrt(0.5)
        segment, category = self._segment[u], self._category[p]
        brand = hidden.of_brand[self._brand[p]]
        if "user_id" in ids:
            taste = self._buying.user_taste[u]
            mean = brand + self._scale * _dot(taste, half * hidden.of_category[category])
            sd = np.hypot(half * self._scale * np.sqrt(_dot(taste, taste)), OWN_QUALITY)
        elif "product_id" in ids:
            taste = hidden.taste[p]
            quality = self._buying.products["quality"].to_numpy()[p]
            mean = quality + self._scale * _dot(half * self._segment_taste[segment], taste)
            sd = half * self._scale * np.sqrt(_dot(taste, taste))
        else:
            between, spread, weight = self._strangers
            values = brand + between[segment, category] + spread[segment, category] * GRID[:, None]
            return values, weight[:, segment, category]
        normal = np.exp(-(GRID**2) / 2.0)
        weights = np.broadcast_to((normal / normal.sum())[:, None], (len(GRID), len(rows)))
        return mean + sd * GRID[:, None], weights

    def _between_strangers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Liking beyond the brand's quality for each segment and category.

        Its characteristic function has a closed form: that of a'b + S'b + a'C is
        (1 + t^2)^(-d/2) exp(-(t^2 (S'S + C'C) / 2 + i t^3 S'C) / (1 + t^2)). The density is
        its Fourier transform.

        Returns:
            Mean and standard deviation, ``[segments, categories]``, and the weight of each
            value of the grid, ``[GRID, segments, categories]``.
        """
        s, c = self._segment_taste, self._buying.hidden.of_category
        d = s.shape[1]
        half = self._scale / 2.0
        product = s @ c.T
        squares = (s**2).sum(axis=1)[:, None] + (c**2).sum(axis=1)
        sd = np.sqrt(OWN_QUALITY**2 + half**2 * (d + squares))
        t = np.arange(-40.0, 40.0, 0.1)
        stars = t[:, None, None] / sd
        x = half * stars
        exponent = -(x**2 * squares / 2.0 + 1j * x**3 * product) / (1.0 + x**2)
        transform = np.exp(exponent - (OWN_QUALITY * stars) ** 2 / 2.0)
        transform *= (1.0 + x**2) ** (-d / 2.0)
        density = np.tensordot(np.exp(-1j * GRID[:, None] * t), transform, axes=1).real
        weight = np.maximum(density, 0.0)
        return half * product, sd, weight / weight.sum(axis=0)

    def _grade_weights(self, rows: pd.DataFrame, product: bool, query: bool) -> np.ndarray:
        """p(grade | what is known), ``[n, 4]``; grade 0 outside search."""
        weights = np.zeros((len(rows), 4))
        search = rows["scenario"].to_numpy() == 1
        weights[~search, 0] = 1.0
        at = np.flatnonzero(search)
        if query:
            weights[at, rows["relevance"].to_numpy()[at]] = 1.0
            return weights
        p, place = rows["product"].to_numpy()[at], rows["position"].to_numpy()[at] - 1
        of_category = self._any_grades[self._category[p], place]
        found = self._grades[p, place] if product else of_category
        # A product that no list of the simulation had at this place: what its category says.
        found = np.where(found.sum(axis=1, keepdims=True) > 0, found, of_category)
        weights[at] = found / found.sum(axis=1, keepdims=True)
        return weights


def checked(ids: Collection[str]) -> Collection[str]:
    """The same ids.

    Raises:
        CourseError: if one is none of ``IDS``.
    """
    wrong = [ids] if isinstance(ids, str) else [one for one in ids if one not in IDS]
    if wrong:
        raise CourseError(
            f"ids must be a list of some of {', '.join(map(repr, IDS))}, got {wrong[0]!r}."
        )
    return ids


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of the rows of both, ``[n]``."""
    return np.einsum("nd,nd->n", a, b)


def _summed(grades: np.ndarray, category: np.ndarray) -> np.ndarray:
    """Of products ``[n_products, ...]`` summed over those of a category."""
    total = np.zeros((category.max() + 1, *grades.shape[1:]))
    np.add.at(total, category, grades)
    return total
