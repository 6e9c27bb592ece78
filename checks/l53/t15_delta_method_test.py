"""53.15: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.l53.t15_delta_method import VARIANCE, right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="53.15",
    right=[_with_pandas, _three_terms],
    wrong=[
        # Variances around the rate of both sides together.
        Wrong(
            right.edit({VARIANCE: "((c - table['click'].mean() * v) ** 2).sum() / (len(c) - 1)"}),
            "got 0.5000",
            silent=True,
        ),
        Wrong(right.in_place("click.sort()"), "your function changes `click`", silent=True),
        Wrong(right.returning("result[1]"), "must be 2 results"),
    ],
)
