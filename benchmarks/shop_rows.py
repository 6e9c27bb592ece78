"""The shop's log as the benchmarks train on it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from course_utils.columns import Columns, Split
from course_utils.shop import Shop

CATEGORICAL = [
    "user_id",
    "product_id",
    "segment",
    "city",
    "category",
    "brand",
    "scenario",
    "position",
    "hour",
    "weekday",
    "weather",
    "device",
]
NUMERIC = ["log_price", "price_sensitivity", "tenure_days"]
N_TRAIN, N_VALID, N_TEST = 60_000, 20_000, 60_000


@cache
def log(seed: int, n: int = N_TRAIN + N_VALID + N_TEST) -> pd.DataFrame:
    """The first n rows of a shop's log. All shops declare the same values, so that their
    networks have the same shapes."""
    shop = Shop(seed)
    rows = shop.log(n)
    declared = {
        "user_id": shop.users["user_id"],
        "product_id": shop.products["product_id"],
        "position": range(1, 11),
        "hour": range(24),
        "weekday": range(7),
    }
    for name, values in declared.items():
        rows[name] = pd.Categorical(rows[name], categories=list(values))
    return rows.assign(log_price=np.log(rows["price"]))


def columns(seed: int, n_train: int = N_TRAIN) -> Columns:
    return Columns.fit(log(seed).head(n_train), CATEGORICAL, NUMERIC, scenario="scenario")


@cache
def split(seed: int) -> Split:
    """Train, validation and test rows in the order of time, of shop ``seed``.

    Task ``purchase`` is judged and, but for entire-space networks, trained on clicked rows.
    """
    rows = log(seed)
    click = rows["click"].to_numpy() == 1
    table = columns(seed).table(rows, ["click", "purchase"], {"purchase": click}, groups="user_id")
    parts = np.split(np.arange(len(rows)), [N_TRAIN, N_TRAIN + N_VALID])
    return Split(*(table.take(part) for part in parts))
