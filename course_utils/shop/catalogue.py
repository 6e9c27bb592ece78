"""The products of the shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.shop.people import DIMENSIONS
from course_utils.shop.streams import settled

CATEGORIES = (
    "Audio",
    "Baby",
    "Bags",
    "Bakeware",
    "Board games",
    "Books",
    "Cameras",
    "Camping",
    "Coffee",
    "Cookware",
    "Cycling",
    "Fitness",
    "Garden",
    "Home decor",
    "Jewellery",
    "Laptops",
    "Lighting",
    "Pet supplies",
    "Phones",
    "Shoes",
    "Skin care",
    "Stationery",
    "Tea",
    "Toys",
)
N_BRANDS = 80
DAYS = 365
"""Length of the observed year."""

OWN_QUALITY = 0.35
"""Standard deviation, in stars, of the quality of products of one brand."""


@dataclass(frozen=True)
class Hidden:
    """What nobody in the shop can see.

    Attributes:
        taste: ``[n_products, DIMENSIONS]``; half category, half the product's own.
        pull: ``[n_products]``, log of how much the product is bought whoever looks at it.
        of_category: ``[categories, DIMENSIONS]``, what the products of a category have in
            common: taste is sqrt(1/2) times the sum of this and the product's own.
        of_brand: ``[N_BRANDS]``, mean quality of a brand's products, in stars.
    """

    taste: np.ndarray
    pull: np.ndarray
    of_category: np.ndarray
    of_brand: np.ndarray


def make_products(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, Hidden]:
    """Products and what is hidden about them.

    Args:
        rng: the stream of this table.
        n: how many products.

    Returns:
        A frame of n rows, and the hidden part. The columns:

        - ``product_id``: string of digits, "1" upwards
        - ``category``: one of ``CATEGORIES``
        - ``brand``: "Brand 01" to "Brand 80"
        - ``price``: in the shop's currency, two decimals, about 2 to 900
        - ``quality``: the truth about the product in stars above or below the average one;
          latent: the shop cannot see it, and a lesson may only use it as truth
        - ``release_day``: day of release; 0 is the first day of the observed year, -1500 to 330
    """
    category = rng.integers(len(CATEGORIES), size=n)
    brand = rng.integers(N_BRANDS, size=n)
    log_price = rng.normal(3.4, 0.7, size=len(CATEGORIES))[category] + rng.normal(0, 0.5, size=n)
    of_brand = rng.normal(0, 0.2, size=N_BRANDS)
    quality = of_brand[brand] + rng.normal(0, OWN_QUALITY, size=n)
    new = rng.random(n) < 0.2
    release = np.where(new, rng.integers(0, 331, size=n), rng.integers(-1500, 0, size=n))
    products = pd.DataFrame(
        {
            "product_id": pd.array([str(i) for i in range(1, n + 1)], dtype="str"),
            "category": pd.Categorical.from_codes(category, list(CATEGORIES)),
            "brand": pd.Categorical.from_codes(
                brand, [f"Brand {i:02d}" for i in range(1, N_BRANDS + 1)]
            ),
            "price": np.round(np.exp(np.clip(log_price, 0.7, 6.8)), 2),
            "quality": np.round(quality, 3),
            "release_day": release,
        }
    )
    of_category = rng.normal(size=(len(CATEGORIES), DIMENSIONS))
    own = rng.normal(size=(n, DIMENSIONS))
    taste = np.sqrt(0.5) * (of_category[category] + own)
    # Zipf's law, in an order that has nothing to do with the product numbers.
    rank = rng.permutation(n) + 1
    pull = -0.7 * np.log(rank / n)
    return products, Hidden(settled(taste), settled(pull), of_category, of_brand)
