"""Which purchases come back, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.shop.buying import Buying
from course_utils.shop.listings import department_codes
from course_utils.shop.streams import settled

REASONS = ("not as described", "does not fit", "damaged", "changed my mind")
BASE = (-2.2, -2.8, -3.0, -2.6, -1.4, -2.9)
"""Log-odds of a return by department, for a purchase of average liking and price."""

LIKING, DEAR = 0.9, 0.35
"""How much a standard deviation of liking lowers, and of log price raises, the log-odds."""


def add_returns(rng: np.random.Generator, bought: pd.DataFrame, buying: Buying) -> pd.DataFrame:
    """The purchases with four more columns.

    - ``returned``: 0 or 1
    - ``days_to_return``: 2.0 to 20.9, one decimal; missing where nothing was returned
    - ``return_reason``: one of ``REASONS``, missing likewise
    - ``p_return``: truth. It falls with the liking that also drives the rating.

    Args:
        rng: the stream of this table.
        bought: rows with ``user`` and ``product`` (row numbers).
        buying: the truth about liking.
    """
    u, p = bought["user"].to_numpy(), bought["product"].to_numpy()
    category = buying.products["category"].cat.codes.to_numpy()[p]
    department = department_codes()[category]
    liking = buying.liking(u, p)
    log_price = np.log(buying.products["price"].to_numpy())
    dear = ((log_price - log_price.mean()) / log_price.std())[p]
    liked = (liking - liking.mean()) / liking.std()
    chance = settled(expit(np.array(BASE)[department] - LIKING * liked + DEAR * dear))
    returned = rng.random(len(bought)) < chance
    days = np.round(2.0 + 18.9 * rng.random(len(bought)), 1)
    quality = buying.products["quality"].to_numpy()[p]
    fashion = department == 4
    weight = [-2.0 * quality, np.where(fashion, 1.5, -2.0), np.zeros(len(bought)), 0.5 * liked]
    # The largest after Gumbel noise is a draw by weight.
    reason = (settled(np.stack(weight)) + rng.gumbel(size=(4, len(bought)))).argmax(axis=0)
    return bought.assign(
        returned=returned.astype(np.int64),
        days_to_return=np.where(returned, days, np.nan),
        return_reason=pd.Categorical.from_codes(np.where(returned, reason, -1), list(REASONS)),
        p_return=chance,
    )
