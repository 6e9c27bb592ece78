"""Likeness of customer and product: what no sum of single columns can say."""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens


def places(draw: np.random.Generator, rings: int, size: int) -> np.ndarray:
    """Where each value of a column stands on each ring, ``[rings, size]`` angles.

    A ring is one taste, say colour or style. Values stand evenly spaced, in random order.
    """
    order = np.stack([draw.permutation(size) for _ in range(rings)])
    return order * (2.0 * np.pi / size)


def likeness(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """sqrt(2) cos(one - other): mean 0 over all places of either, so a column alone says nothing.

    Its deviation over all pairs is 1.
    """
    return np.sqrt(2.0) * np.cos(one - other)


def pairs(
    draw: np.random.Generator, tastes: int, groups: int, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """n rows of a customer and a product, each of one group for each taste.

    Returns:
        the groups ``[n, 2 * tastes]``, customers' first; and how well both fit on the ring of
        each taste, ``[tastes, n]``.
    """
    customer, product = places(draw, tastes, groups), places(draw, tastes, groups)
    wants, has = draw.integers(groups, size=(2, tastes, n))
    taste = np.arange(tastes)[:, None]
    like = likeness(customer[taste, wants], product[taste, has])
    return np.concatenate([wants, has]).T, like


def clicks_by_market(
    draw: np.random.Generator,
    logits: np.ndarray,
    groups: int,
    codes: np.ndarray,
    market: np.ndarray,
    n_train: int,
    n_valid: int,
) -> Case:
    """The case of these rows: a click's chance is sigmoid(logit), the market is the scenario.

    Args:
        codes: as ``pairs`` gives them.
    """
    chances, tastes = chance(logits), codes.shape[1] // 2
    sizes = {f"{side} {r}": groups for side in ("customer", "product") for r in range(tastes)}
    rows = Rows(
        codes,
        np.zeros((len(codes), 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
    )
    return rows.cut(columns_of(sizes, scenarios=int(market.max()) + 1), n_train, n_valid)


def in_turn(markets: int, *sizes: int) -> np.ndarray:
    """The market of each row, so that each has as many rows of every table, or one more."""
    return np.concatenate([np.arange(size) % markets for size in sizes])
