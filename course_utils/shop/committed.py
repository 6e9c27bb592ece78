"""The small tables that stand in ``datasets/``: ``python -m course_utils.shop.committed``."""

from __future__ import annotations

import pandas as pd

from course_utils import paths
from course_utils.shop.marketplace import Shop


def committed_tables() -> dict[str, pd.DataFrame]:
    """The committed tables by name, made by ``Shop(seed=0)`` at its default size.

    Every column holds integers or strings (prices with two decimals), so the CSV bytes are
    the same everywhere.

    Returns:
        ``ratings``: user_id, product_id, rating, timestamp, by time;
        ``products``: product_id, category, brand, price, release_day. What is hidden stays out.
    """
    shop = Shop(seed=0)
    products = shop.products[["product_id", "category", "brand", "price", "release_day"]]
    return {
        "ratings": shop.ratings,
        "products": products.assign(price=products["price"].map("{:.2f}".format)),
    }


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as it stands on disk: UTF-8, a header, ``\\n`` line ends on every system."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def write() -> None:
    """Write the tables to ``datasets/``."""
    for name, table in committed_tables().items():
        (paths.DATASETS / f"{name}.csv").write_bytes(csv_bytes(table))


if __name__ == "__main__":
    write()
