"""A small shop with the dials on the year 2024 and on titles turned up, and its hashes."""

from __future__ import annotations

import hashlib

from course_utils.shop import Shop
from course_utils.shop.tables import csv_bytes

TURNED = {
    "purchases": "332e08ac1c58fe42",
    "ratings": "ff957020ee3fafa0",
    "reviews": "6c742f81eee0cbb4",
    "listings": "7184ada92ea21766",
    "deliveries": "d531e38022b9e593",
    "review_views": "1759b0ebdcd9ee61",
}


def turned_tables() -> dict[str, str]:
    """Hashes of the tables that the dials change, made anew."""
    one = Shop(
        seed=1,
        n_users=300,
        n_products=300,
        momentum=2.0,
        content=1.5,
        mentions=0.05,
        late=0.2,
        views=1.0,
    )
    names = ("purchases", "ratings", "reviews", "listings", "deliveries", "review_views")
    return {name: hashlib.sha256(csv_bytes(getattr(one, name))).hexdigest()[:16] for name in names}
