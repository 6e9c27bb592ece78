"""Task 15.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l15.rates import MISTAKES, Rows, right_rates


def _with_pandas(rows: Rows, least: float) -> Any:
    frame = pd.DataFrame(rows, columns=["product", "click", "p_examine"])
    frame["p_examine"] = frame["p_examine"].clip(lower=least)
    return (frame["click"] / frame["p_examine"]).groupby(frame["product"]).mean()


def _with_loops(rows: Rows, least: float) -> Any:
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for product, click, p_examine in rows:
        weight = 1 / p_examine if p_examine > least else 1 / least
        total[product] = total.get(product, 0) + click * weight
        count[product] = count.get(product, 0) + 1
    return {product: np.array([total[product] / count[product]]) for product in count}


def _with_fractions(rows: Rows, least: float) -> Any:
    raised = [(one, Fraction(click) / max(Fraction(p), Fraction(least))) for one, click, p in rows]
    mine = {one: [rate for other, rate in raised if other == one] for one, _ in raised}
    return {one: sum(rates) / len(rates) for one, rates in mine.items()}


def _at_least_a_billionth(rows: Rows, least: float) -> dict[str, float]:
    return right_rates(rows, max(least, 1e-9))


def _rounded(rows: Rows, least: float) -> dict[str, float]:
    return {product: round(rate, 6) for product, rate in right_rates(rows, least).items()}


def _a_little_more(rows: Rows, least: float) -> dict[str, float]:
    return {product: rate + 1e-6 for product, rate in right_rates(rows, least).items()}


def _two_characters(rows: Rows, least: float) -> dict[str, float]:
    """Ids in an array of short texts."""
    short = [(str(np.array(one).astype("U2")), click, p) for one, click, p in rows]
    return right_rates(short, least)


PROOF = Proof(
    task="15.2",
    right=[_with_pandas, _with_loops, _with_fractions],
    wrong=[
        *silent(MISTAKES),
        Wrong(_at_least_a_billionth, "1e-12", silent=True),
        Wrong(_rounded, "You rounded to 6 decimals", silent=True),
        Wrong(_a_little_more, "add no small number", silent=True),
        Wrong(_two_characters, "corrected_rates([('p10', 1, 1.0), ('p11', 0, 1.0)", silent=True),
        Wrong(lambda rows, least: list(right_rates(rows, least)), "must be a dict"),
    ],
)
