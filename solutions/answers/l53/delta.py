"""Task 53.15: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.delta import MISTAKES, right_delta


def _with_pandas(user: Any, side: Any, click: Any) -> Any:
    table = pd.DataFrame({"user": user, "side": side, "click": click})
    per = table.groupby(["side", "user"])["click"].agg(c="sum", v="size")
    rates, variances = {}, {}
    for name, rows in per.groupby(level=0):
        r = rates[name] = rows["c"].sum() / rows["v"].sum()
        variances[name] = (rows["c"] - r * rows["v"]).var() / len(rows) / rows["v"].mean() ** 2
    return rates["B"] - rates["A"], np.sqrt(sum(variances.values()))


def _three_terms(user: Any, side: Any, click: Any) -> Any:
    def of(name: str) -> tuple[float, float]:
        clicks: dict[str, int] = {}
        views: dict[str, int] = {}
        for u, s, c in zip(user, side, click, strict=True):
            if s == name:
                clicks[u], views[u] = clicks.get(u, 0) + c, views.get(u, 0) + 1
        c, v, n = list(clicks.values()), list(views.values()), len(views)
        a, b = sum(c) / n, sum(v) / n
        s_cc = sum((x - a) ** 2 for x in c) / (n - 1)
        s_vv = sum((x - b) ** 2 for x in v) / (n - 1)
        s_cv = sum((x - a) * (y - b) for x, y in zip(c, v, strict=True)) / (n - 1)
        return a / b, (s_cc / b**2 - 2 * a * s_cv / b**3 + a**2 * s_vv / b**4) / n

    (low, one), (high, two) = of("A"), of("B")
    return [high - low, max(one + two, 0.0) ** 0.5]


def _whole_rate(user: Any, side: Any, click: Any) -> Any:
    """Variances around the rate of both sides together."""
    table = pd.DataFrame({"user": user, "side": side, "click": click})
    r = table["click"].mean()
    per = table.groupby(["side", "user"])["click"].agg(c="sum", v="size")
    parts = [
        ((one["c"] - r * one["v"]) ** 2).sum() / (len(one) - 1) / len(one) / one["v"].mean() ** 2
        for _, one in per.groupby(level=0)
    ]
    return right_delta(user, side, click)[0], sum(parts) ** 0.5


def _rounded(*case: Any) -> Any:
    return tuple(round(one, 4) for one in right_delta(*case))


def _in_place(user: Any, side: Any, click: Any) -> Any:
    found = right_delta(user, side, click)
    click.sort()
    return found


PROOF = Proof(
    task="53.15",
    right=[_with_pandas, _three_terms],
    wrong=[
        *silent(MISTAKES),
        Wrong(_whole_rate, "got 0.5000", silent=True),
        Wrong(_rounded, "rounded to 4 decimals", silent=True),
        Wrong(_in_place, "your function changes `click`", silent=True),
        Wrong(lambda *case: right_delta(*case)[1], "must be 2 results"),
    ],
)
