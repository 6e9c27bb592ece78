"""The home feed alone, as one flat table: the simplest funnel of the shop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.shop.buying import Buying
from course_utils.shop.funnel import Funnel
from course_utils.shop.streams import stream

BLOCK = 65_536
"""Impressions are drawn in blocks of so many rows, each from its own stream."""


class HomeFeed:
    """Draws products shown to users, block by block."""

    def __init__(self, seed: int, buying: Buying, relatedness: float) -> None:
        self._seed = seed
        self._users, self._products = buying.users, buying.products
        # Popular products are shown more, but less than they sell.
        weight = np.exp(0.5 * buying.hidden.pull)
        self._share = weight / weight.sum()
        rng = stream(seed, "funnel")
        self._funnel = Funnel(rng, self._shown(rng, BLOCK), relatedness)

    def rows(self, n: int) -> pd.DataFrame:
        """The first n impressions; columns: ``Shop.home_feed``."""
        blocks = [self._block(b, min(BLOCK, n - b * BLOCK)) for b in range(-(-n // BLOCK))]
        return pd.concat(blocks, ignore_index=True)

    def _shown(self, rng: np.random.Generator, n: int) -> pd.DataFrame:
        """n impressions without outcome."""
        user = rng.integers(len(self._users), size=n)
        product = rng.choice(len(self._products), size=n, p=self._share)
        of_user = ["segment", "city", "price_sensitivity", "tenure_days"]
        rows = pd.concat(
            [
                self._users[["user_id", *of_user]].take(user).reset_index(drop=True),
                self._products[["product_id", "category", "brand", "price"]]
                .take(product)
                .reset_index(drop=True),
            ],
            axis=1,
        )
        return rows[["user_id", "product_id", *of_user, "category", "brand", "price"]]

    def _block(self, block: int, n: int) -> pd.DataFrame:
        """The first n rows of one block: drawn whole, so that n changes no row."""
        rng = stream(self._seed, "impressions", block)
        rows = self._shown(rng, BLOCK).head(n)
        draws = rng.random((BLOCK, 2))[:n]
        p_click, p_purchase = self._funnel.probabilities(rows)
        click = draws[:, 0] < p_click
        return rows.assign(
            click=click.astype(np.int64),
            purchase=(click & (draws[:, 1] < p_purchase)).astype(np.int64),
            p_click=p_click,
            p_purchase_given_click=p_purchase,
            p_purchase=p_click * p_purchase,
        )
