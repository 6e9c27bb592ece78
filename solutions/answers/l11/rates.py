"""Task 11.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l11.rates import (
    Rows,
    all_rows,
    clicks_only,
    clipped_above,
    expected,
    multiplied,
    naive,
    never_clicked_dropped,
    rare_dropped,
    rates,
    self_normalised,
    summed,
    unclipped,
)


def _with_pandas(rows: Rows, least: float) -> Any:
    frame = pd.DataFrame(rows, columns=["product", "click", "look"])
    frame["look"] = frame["look"].clip(lower=least)
    return (frame["click"] / frame["look"]).groupby(frame["product"]).mean()


def _with_loops(rows: Rows, least: float) -> Any:
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for product, click, look in rows:
        weight = 1 / look if look > least else 1 / least
        total[product] = total.get(product, 0) + click * weight
        count[product] = count.get(product, 0) + 1
    return {product: np.array([total[product] / count[product]]) for product in count}


PROOF = Proof(
    task="11.5",
    right=[_with_pandas, _with_loops],
    wrong=[
        Wrong(naive, "this is the plain click rate", silent=True),
        Wrong(expected, "clicks over expected clicks", silent=True),
        Wrong(multiplied, "you multiply by the chance", silent=True),
        Wrong(unclipped, "is not raised to least", silent=True),
        Wrong(clipped_above, "cut off at 1", silent=True),
        Wrong(clicks_only, "over the clicked rows only", silent=True),
        Wrong(never_clicked_dropped, "their rate is 0", silent=True),
        Wrong(summed, "you add up, but do not divide", silent=True),
        Wrong(self_normalised, "the sum of the weights", silent=True),
        Wrong(rare_dropped, "are dropped: raise the chance", silent=True),
        Wrong(all_rows, "by all rows, not by those of the product", silent=True),
        Wrong(lambda rows, least: list(rates(rows, least)), "must be a dict"),
    ],
)
