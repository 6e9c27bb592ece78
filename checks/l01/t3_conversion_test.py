"""01.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.l01.t3_conversion import EVERYONE, right
from checks.proof import Proof, Wrong


def _by_weights(log: pd.DataFrame) -> np.ndarray:
    """Each clicked row weighs 1 / (click rate of its group)."""
    clicks = log.groupby("group")["click"].transform("mean").to_numpy()
    weight = log["click"].to_numpy() / clicks
    bought, p = log["purchase"].to_numpy(), log["p_purchase_given_click"].to_numpy()
    clicked = log["click"].to_numpy() == 1
    return np.array([bought[clicked].mean(), (weight * bought).sum() / len(log), p.mean()])


def _with_map(log: pd.DataFrame) -> tuple[float, float, float]:
    """Every row is told the rate of its group; their mean weighs groups by rows."""
    rate = log[log["click"] == 1].groupby("group")["purchase"].mean()
    naive = log["purchase"].sum() / log["click"].sum()
    return naive, log["group"].map(rate).mean(), log["p_purchase_given_click"].mean()


def _with_loops(log: pd.DataFrame) -> list[float]:
    counts: dict[str, list[int]] = {}
    true = 0.0
    for row in log.to_dict("records"):
        mine = counts.setdefault(row["group"], [0, 0, 0])
        for place, one in enumerate([1, row["click"], row["purchase"]]):
            mine[place] += one
        true += row["p_purchase_given_click"]
    rows, clicks, purchases = (sum(one) for one in zip(*counts.values(), strict=True))
    adjusted = sum(n * bought / clicked for n, clicked, bought in counts.values()) / rows
    return [purchases / clicks, adjusted, true / rows]


PROOF = Proof(
    task="01.3",
    right=[_by_weights, _with_map, _with_loops],
    wrong=[
        Wrong(
            right.edit({EVERYONE: f"log[~log.index.duplicated()]{EVERYONE.removeprefix('log')}"}),
            "Take rows by a mask",
            silent=True,
        ),
        Wrong(
            right.returning("[round(one, 6) for one in result]"),
            "You rounded to 6 decimals",
            silent=True,
        ),
        Wrong(right.returning("result[:2]"), "three numbers, got 2"),
        Wrong(right.returning("result[0]"), "must give three numbers, got float 0.5"),
        Wrong(right.returning("dict(zip('abc', result))"), "must give three numbers, got dict"),
        Wrong(
            right.returning('result if log["purchase"].any() else None'),
            "three numbers, got None",
            silent=True,
        ),
    ],
)
