"""15.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from checks.l15.t2_corrected_rates import right
from checks.proof import Proof, Wrong


def _with_pandas(rows: Any, least: float) -> Any:
    frame = pd.DataFrame(rows, columns=["product", "click", "p_examine"])
    frame["p_examine"] = frame["p_examine"].clip(lower=least)
    return (frame["click"] / frame["p_examine"]).groupby(frame["product"]).mean()


def _with_loops(rows: Any, least: float) -> Any:
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for product, click, p_examine in rows:
        weight = 1 / p_examine if p_examine > least else 1 / least
        total[product] = total.get(product, 0) + click * weight
        count[product] = count.get(product, 0) + 1
    return {product: np.array([total[product] / count[product]]) for product in count}


def _with_fractions(rows: Any, least: float) -> Any:
    raised = [(one, Fraction(click) / max(Fraction(p), Fraction(least))) for one, click, p in rows]
    mine = {one: [rate for other, rate in raised if other == one] for one, _ in raised}
    return {one: sum(rates) / len(rates) for one, rates in mine.items()}


def _two_characters(rows: Any, least: float) -> Any:
    """Ids in an array of short texts."""
    short = [(str(np.array(one).astype("U2")), click, p) for one, click, p in rows]
    return right(short, least)


def _each(rate: str) -> Any:
    return right.returning(f"{{product: {rate} for product, rate in result.items()}}")


PROOF = Proof(
    task="15.2",
    right=[_with_pandas, _with_loops, _with_fractions],
    wrong=[
        Wrong(right.first("least = max(least, 1e-9)"), "1e-12", silent=True),
        Wrong(_each("round(rate, 6)"), "You rounded to 6 decimals", silent=True),
        Wrong(_each("rate + 1e-6"), "add no small number", silent=True),
        Wrong(_two_characters, "corrected_rates([('p10', 1, 1.0), ('p11', 0, 1.0)", silent=True),
        Wrong(right.returning("list(result)"), "must be a dict"),
    ],
)
