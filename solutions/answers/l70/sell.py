"""Task 70.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.sell import MISTAKES, right_sell


def _with_counts(wishes: Any, stock: Any) -> Any:
    sold: Counter[str] = Counter()
    money = {"old": 0, "new": 0}
    for side, product, margin in wishes:
        if product in stock and sold[product] >= stock[product]:
            continue
        sold[product] += 1
        money[side] += margin
    return money


def _with_pandas(wishes: Any, stock: Any) -> Any:
    if not wishes:
        return {"new": 0.0, "old": 0.0}
    table = pd.DataFrame(wishes, columns=["side", "product", "margin"])
    place = table.groupby("product").cumcount()
    found = table[place < table["product"].map(stock).fillna(np.inf)]
    money = found.groupby("side")["margin"].sum().reindex(["new", "old"], fill_value=0)
    return dict(money)


def _with_lists(wishes: Any, stock: Any) -> Any:
    units = {product: [1] * n for product, n in stock.items()}
    money = dict.fromkeys(("new", "old"), 0.0)
    for side, product, margin in wishes:
        shelf = units.get(product, [1])
        if shelf:
            shelf.pop() if product in units else None
            money[side] += margin
    return money


def _taking(wishes: Any, stock: Any) -> Any:
    money = {"new": 0.0, "old": 0.0}
    for side, product, margin in wishes:
        if stock.get(product, 1) > 0:
            money[side] += margin
            if product in stock:
                stock[product] -= 1
    return money


def _only_sellers(*case: Any) -> Any:
    return {side: money for side, money in right_sell(*case).items() if money}


def _rounded(*case: Any) -> Any:
    return {side: float(round(money)) for side, money in right_sell(*case).items()}


PROOF = Proof(
    task="70.6",
    right=[_with_counts, _with_pandas, _with_lists],
    wrong=[
        *silent(MISTAKES),
        Wrong(_taking, "changes `stock`", silent=True),
        Wrong(_only_sellers, "with 'new' and 'old', got dict {}.", silent=True),
        Wrong(_rounded, "You rounded to 0 decimals", silent=True),
        Wrong(lambda *case: tuple(right_sell(*case).values()), "got tuple (5.0, 2.0)"),
        Wrong(lambda *case: None, "got None"),
    ],
)
