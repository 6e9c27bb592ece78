"""Which purchases come late: it depends on who sends and where to, not on what is in the box."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.shop.catalogue import N_BRANDS
from course_utils.shop.funnel import base_for
from course_utils.shop.people import N_CITIES
from course_utils.shop.streams import settled

BRAND_SPREAD, CITY_SPREAD = 0.8, 0.5
"""Standard deviation of the log-odds of a late delivery over brands, and over cities."""


def make_deliveries(
    rng: np.random.Generator,
    bought: pd.DataFrame,
    users: pd.DataFrame,
    products: pd.DataFrame,
    late: float,
) -> pd.DataFrame:
    """Two columns for the purchases, row by row: ``late`` (0 or 1) and ``p_late``, its chance.

    Each brand has its own warehouse. The same seed has the same warehouses and draws at any
    share: who is late at a small share is late at a large one.

    Args:
        rng: the stream of this table.
        bought: ``user`` and ``product`` (row numbers).
        users, products: their tables.
        late: mean of ``p_late`` over all purchases, 0 to 0.5.
    """
    brand = BRAND_SPREAD * rng.normal(size=N_BRANDS)
    city = CITY_SPREAD * rng.normal(size=N_CITIES)
    of_brand = brand[products["brand"].cat.codes.to_numpy()[bought["product"]]]
    logit = of_brand + city[users["city"].cat.codes.to_numpy()[bought["user"]]]
    chance = np.zeros(len(bought))
    if late:
        chance = settled(expit(base_for(logit, late, np.ones(len(bought))) + logit))
    is_late = rng.random(len(bought)) < chance
    return pd.DataFrame({"late": is_late.astype(np.int64), "p_late": chance}, index=bought.index)
