"""Task 01.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l01.conversion import (
    everyone_bought,
    everyone_clicked,
    everyone_half,
    nil_is_missing,
    not_bought,
    per_impression,
    right_conversion,
    true_of_clicked,
    unclicked_alike_once,
    unclicked_clicked,
    unclicked_nil,
    unclicked_over_all,
    wrong_exchanged,
    wrong_percent,
)


def _conversion_with_arrays(log: pd.DataFrame) -> np.ndarray:
    click, purchase, p = log[["click", "purchase", "p_purchase_given_click"]].to_numpy().T
    return np.array([purchase[click == 1].mean(), p.mean(), np.average(p, weights=1 - click)])


def _conversion_with_loops(log: pd.DataFrame) -> tuple[float, float, float]:
    clicks = purchases = 0
    everyone: list[float] = []
    unclicked: list[float] = []
    for _, row in log.iterrows():
        clicks += row["click"]
        purchases += row["purchase"]
        everyone.append(row["p_purchase_given_click"])
        if row["click"] == 0:
            unclicked.append(row["p_purchase_given_click"])
    return (
        purchases / clicks,
        sum(everyone) / len(everyone),
        sum(unclicked) / len(unclicked),
    )


def _needs_a_purchase(log: pd.DataFrame) -> list[float] | None:
    return right_conversion(log) if log["purchase"].any() else None


def _by_label(log: pd.DataFrame) -> list[float]:
    naive, everyone, _ = right_conversion(log)
    unclicked = log.loc[log.index[log["click"] == 0], "p_purchase_given_click"].mean()
    return [naive, everyone, float(unclicked)]


PROOF = Proof(
    task="01.3",
    right=[_conversion_with_arrays, _conversion_with_loops],
    wrong=[
        Wrong(per_impression, "you divide by all rows", silent=True),
        Wrong(true_of_clicked, "counted from what happened", silent=True),
        Wrong(everyone_clicked, "Everyone means all rows", silent=True),
        Wrong(everyone_half, "mean of two means", silent=True),
        Wrong(everyone_bought, "have a probability too", silent=True),
        Wrong(unclicked_nil, "nobody bought", silent=True),
        Wrong(unclicked_clicked, "those with one", silent=True),
        Wrong(not_bought, "some of them clicked", silent=True),
        Wrong(unclicked_over_all, "number of all rows", silent=True),
        Wrong(unclicked_alike_once, "count each of them", silent=True),
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
