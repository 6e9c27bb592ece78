"""The tables that lessons load, in two sizes, all from the shop of seed 0."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from course_utils.shop.events import make_events
from course_utils.shop.marketplace import Shop

TABLES = (
    "ratings",
    "products",
    "users",
    "listings",
    "queries",
    "judgements",
    "purchases",
    "reviews",
    "impressions",
    "events",
)


@dataclass(frozen=True)
class Size:
    """How large the shop is, and how much of it goes into the tables.

    Attributes:
        n_users, n_products: of the shop.
        n_impressions: rows of the log.
        n_buyers: ``purchases`` holds the first so many users.
    """

    n_users: int
    n_products: int
    n_impressions: int
    n_buyers: int


SIZES = {
    "tiny": Size(n_users=2000, n_products=1000, n_impressions=20_000, n_buyers=400),
    "full": Size(n_users=5000, n_products=10_000, n_impressions=1_000_000, n_buyers=5000),
}


@lru_cache(maxsize=1)
def shop_of(size: str) -> Shop:
    """The shop behind the tables of one size."""
    one = SIZES[size]
    return Shop(seed=0, n_users=one.n_users, n_products=one.n_products)


def make_table(name: str, size: str) -> Iterator[pd.DataFrame]:
    """One table in pieces, so that the longest need not fit in memory; most have one piece.

    Args:
        name: one of ``TABLES``; size: one of ``SIZES``.
    """
    shop, one = shop_of(size), SIZES[size]
    if name == "impressions":
        yield from shop.log_blocks(one.n_impressions)
    elif name == "events":
        yield make_events(shop.log(one.n_impressions))
    elif name == "products":
        # The truth about quality is in the listings.
        yield shop.products.drop(columns="quality")
    elif name == "purchases":
        some = shop.users["user_id"].head(one.n_buyers)
        yield shop.purchases[shop.purchases["user_id"].isin(some)].reset_index(drop=True)
    else:
        yield getattr(shop, name)


def committed_tables() -> dict[str, pd.DataFrame]:
    """The tables of the tiny size by name, as they stand in ``datasets/``.

    Numbers are whole or rounded to at most 6 decimals, so the CSV bytes are the same
    everywhere. Prices keep two decimals.
    """
    tables = {name: pd.concat(make_table(name, "tiny"), ignore_index=True) for name in TABLES}
    for name in ("products", "impressions"):
        tables[name] = tables[name].assign(price=tables[name]["price"].map("{:.2f}".format))
    return tables


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as it stands on disk: UTF-8, a header, ``\\n`` line ends on every system."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def shop_version() -> str:
    """16 hexadecimal digits that change with the code of the shop and what it is built on."""
    sha = hashlib.sha256(f"{np.__version__} {pd.__version__} {pa.__version__}".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        sha.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return sha.hexdigest()[:16]
