"""Task 01.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l01.conversion import (
    alike_once,
    clicks_as_weights,
    everyone_bought,
    everyone_clicked,
    everyone_else,
    groups_alike,
    names_merged,
    nil_is_missing,
    per_impression,
    purchases_per_row,
    right_conversion,
    selling_groups,
    smoothed,
    true_by_group,
    true_of_clicked,
    unclicked_as_weights,
    wrong_exchanged,
    wrong_percent,
)


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


def _needs_a_purchase(log: pd.DataFrame) -> list[float] | None:
    return right_conversion(log) if log["purchase"].any() else None


def _by_label(log: pd.DataFrame) -> list[float]:
    naive, adjusted, _ = right_conversion(log)
    p = log["p_purchase_given_click"]
    return [naive, adjusted, float(p[~p.index.duplicated()].mean())]


PROOF = Proof(
    task="01.3",
    right=[_by_weights, _with_map, _with_loops],
    wrong=[
        Wrong(per_impression, "you divide by all rows", silent=True),
        Wrong(true_of_clicked, "counted from what happened, purchases", silent=True),
        Wrong(groups_alike, "each group the same weight", silent=True),
        Wrong(clicks_as_weights, "gives the naive rate again", silent=True),
        Wrong(purchases_per_row, "not by its rows", silent=True),
        Wrong(unclicked_as_weights, "rows without a click", silent=True),
        Wrong(true_by_group, "the truth has no part", silent=True),
        Wrong(names_merged, "differ in capitals", silent=True),
        Wrong(smoothed, "(Laplace)", silent=True),
        Wrong(selling_groups, "their rate is 0", silent=True),
        Wrong(everyone_clicked, "Everyone means all rows", silent=True),
        Wrong(everyone_else, "you take those who did not click", silent=True),
        Wrong(everyone_bought, "have a probability too", silent=True),
        Wrong(alike_once, "count each of them", silent=True),
        Wrong(nil_is_missing, "0 is a probability too", silent=True),
        Wrong(_by_label, "Take rows by a mask", silent=True),
        Wrong(wrong_exchanged, "are exchanged", silent=True),
        Wrong(wrong_percent, "not percent", silent=True),
        Wrong(
            lambda log: [round(one, 3) for one in right_conversion(log)],
            "Do not round",
            silent=True,
        ),
        Wrong(
            lambda log: [round(one, 6) for one in right_conversion(log)],
            "You rounded to 6 decimals",
            silent=True,
        ),
        Wrong(lambda log: right_conversion(log)[:2], "three numbers, got 2"),
        Wrong(lambda log: right_conversion(log)[0], "must give three numbers, got float 0.5"),
        Wrong(
            lambda log: dict(zip("abc", right_conversion(log), strict=True)),
            "must give three numbers, got dict",
        ),
        Wrong(_needs_a_purchase, "three numbers, got None", silent=True),
    ],
)
