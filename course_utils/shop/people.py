"""The users of the shop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from course_utils.shop.streams import settled

SEGMENTS = (
    "student",
    "young family",
    "bargain hunter",
    "tech fan",
    "home cook",
    "athlete",
    "collector",
    "retiree",
)
N_CITIES = 30
FIRST_USER = 1001
DIMENSIONS = 4
"""Length of the hidden taste vectors."""


class Taste(NamedTuple):
    """What users like, hidden: half of its variance is the segment's, half is the user's own."""

    of_user: np.ndarray
    """``[n_users, DIMENSIONS]``: sqrt(1/2) times the sum of the segment's and the user's own."""

    of_segment: np.ndarray
    """``[segments, DIMENSIONS]``: what those of a segment have in common."""


def make_users(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, Taste]:
    """Users and their hidden taste.

    Args:
        rng: the stream of this table.
        n: how many users.

    Returns:
        A frame of n rows, and their taste. The columns:

        - ``user_id``: string of digits, "1001" upwards
        - ``segment``: one of ``SEGMENTS``
        - ``city``: "City 01" to "City 30", by falling size
        - ``price_sensitivity``: 0 (does not look at prices) to 1, two decimals
        - ``tenure_days``: whole days from joining to the end of the observed year, 30 to 2000
    """
    segment = rng.integers(len(SEGMENTS), size=n)
    city_share = 1.0 / np.arange(3, 3 + N_CITIES)
    city = rng.choice(N_CITIES, size=n, p=city_share / city_share.sum())
    users = pd.DataFrame(
        {
            "user_id": pd.array([str(FIRST_USER + i) for i in range(n)], dtype="str"),
            "segment": pd.Categorical.from_codes(segment, list(SEGMENTS)),
            "city": pd.Categorical.from_codes(
                city, [f"City {i:02d}" for i in range(1, N_CITIES + 1)]
            ),
            "price_sensitivity": np.round(rng.beta(2.0, 2.0, size=n), 2),
            "tenure_days": rng.integers(30, 2001, size=n),
        }
    )
    of_segment = rng.normal(size=(len(SEGMENTS), DIMENSIONS))
    own = rng.normal(size=(n, DIMENSIONS))
    return users, Taste(settled(np.sqrt(0.5) * (of_segment[segment] + own)), of_segment)
