"""How well the next purchase could be said from a history, by one who knows how the shop draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import softmax

from course_utils.errors import CourseError
from course_utils.shop import Shop
from course_utils.shop.momentum import KEEP, PULL

NOTHING = 1e-20
"""Weight of a kind of which nothing is left: its logarithm stays finite."""


def visible_limit(
    shop: Shop, histories: np.ndarray, targets: int, customers: int, seen: int
) -> np.ndarray:
    """The chance of each kind to be bought next, from the kinds bought before and nothing else.

    A purchase is drawn by the taste of a customer u, which nobody sees, and by the pull r of what
    was bought last (``shop.momentum.Momentum``). With E_u(k) the summed weight of the products of
    kind k that u has not bought::

        p(k | history) = sum_u p(u | history) p(k | u, history)
        p(k | u, history) ~ E_u(k) exp(momentum r(k))

    The customers of ``shop`` stand for all u. A draw of these is near the limit and never below it
    but by luck; dates of release are not seen either, late products count as on sale.

    Args:
        shop: with the dials of the one that is judged, and more customers.
        histories: ``[m, steps]``, kinds from 1 on, the oldest first, 0 on the right; of each
            customer ``targets`` rows, one more kind in each.
        targets: rows a customer.
        customers: how many of ``shop``, the last ones, stand for all.
        seen: a first history as long as this has a past before it, which is not seen.

    Returns:
        ``[m, kinds]``; rows sum to 1.

    Raises:
        CourseError: if the rows are no multiple of ``targets``, or ``shop`` is too small.
    """
    if len(histories) % targets or customers > len(shop.users):
        raise CourseError(
            f"visible_limit needs {targets} histories a customer and {customers} customers in the "
            f"shop, got {len(histories)} histories and {len(shop.users)} customers."
        )
    fresh, later = (
        _left(weights, _kinds(shop)) for weights in _weights(shop, customers, seen + targets)
    )
    momentum, n = shop.dials.momentum, fresh.shape[2]
    result = np.zeros((len(histories), n))
    for row in range(0, len(histories), targets):
        first, *rest = (one[one > 0] - 1 for one in histories[row : row + targets])
        left = later if len(first) >= seen else fresh
        now, pull = left[0].copy(), np.zeros(n)
        taken, fits = np.zeros(n, dtype=int), np.zeros(customers)
        for step, kind in enumerate([*first, *(one[-1] for one in rest)], 1 - len(first)):
            strength = np.exp(momentum * pull).astype(np.float32)
            fits += np.log(now[:, kind] * strength[kind] / (now @ strength))
            taken[kind] = min(taken[kind] + 1, len(left) - 1)
            now[:, kind] = left[taken[kind], :, kind]
            pull = KEEP * pull + PULL[kind]
            if step >= 0:
                strength = np.exp(momentum * pull).astype(np.float32)
                p = (softmax(fits) / (now @ strength)) @ now * strength
                result[row + step] = p / p.sum()
    return result


def _kinds(shop: Shop) -> np.ndarray:
    """The kind of each product, in the order of ``products``."""
    kind = shop.listings.set_index("product_id")["kind"].cat.codes
    return np.asarray(kind.loc[shop.products["product_id"]])


def _weights(shop: Shop, customers: int, latest: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each customer and product the weight, and the same with 0 where it was bought long ago.

    Args:
        latest: purchases of a customer that are not long ago.
    """
    who = shop.users["user_id"].tolist()[-customers:]
    bought = shop.purchases
    late = np.full(customers, bought["timestamp"].max())
    weights = shop.next_purchase(who, [[]] * customers, late)
    bought = bought[bought["user_id"].isin(who)]
    since = bought.groupby("user_id", sort=False).cumcount(ascending=False)
    bought, later = bought[since >= latest], weights.copy()
    products = pd.Index(shop.products["product_id"])
    row = pd.Index(who).get_indexer(bought["user_id"])
    later[row, products.get_indexer(bought["product_id"])] = 0.0
    return weights, later


def _left(weights: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """``[most + 1, customers, kinds]``: a kind's summed weight once so many of it are bought.

    Each customer buys the products of a kind in an order of its own: by the largest after Gumbel
    noise, a draw by weight.
    """
    draw = np.random.default_rng(0)
    most = int(np.bincount(kinds).max())
    left = np.full((most + 1, len(weights), len(PULL)), NOTHING, dtype=np.float32)
    for k in range(len(PULL)):
        mine = weights[:, kinds == k]
        with np.errstate(divide="ignore"):
            order = np.argsort(-np.log(mine) - draw.gumbel(size=mine.shape), axis=1)
        mine = np.take_along_axis(mine, order, axis=1)
        for taken in range(mine.shape[1]):
            left[taken, :, k] = np.maximum(mine[:, taken:].sum(axis=1), NOTHING)
    return left
