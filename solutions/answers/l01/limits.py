"""Task 01.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong
from course_utils.exercises.l01.limits import (
    above,
    accuracy,
    by_click_chance,
    by_scenario,
    click_limit,
    cut_scores,
    limit,
    of_all_rows,
    of_both,
    of_both_all_rows,
    ties_lose,
    ties_win,
    upside_down,
    wrong_pooled,
)


def _limits_by_ranks(log: pd.DataFrame) -> dict[Any, float]:
    """Mann and Whitney: the rank sum of the buyers."""
    result = {}
    for scenario in set(log["scenario"]):
        rows = log[(log["scenario"] == scenario) & (log["click"] == 1)]
        bought = rows["purchase"].to_numpy() == 1
        ranks = rankdata(rows["p_purchase_given_click"])
        n = bought.sum()
        result[scenario] = (ranks[bought].sum() - n * (n + 1) / 2) / (n * (~bought).sum())
    return result


def _limits_by_pairs(log: pd.DataFrame) -> dict[Any, float]:
    return by_scenario(lambda rows: above(rows, 0.5))(log)


def _limits_as_series(log: pd.DataFrame) -> pd.Series:
    clicked = log.query("click == 1")
    return pd.Series(
        {
            name: roc_auc_score(rows["purchase"], rows["p_purchase_given_click"])
            for name, rows in clicked.groupby("scenario")
        }
    )


PROOF = Proof(
    task="01.2",
    right=[_limits_by_ranks, _limits_by_pairs, _limits_as_series],
    wrong=[
        Wrong(of_all_rows, "You rank all rows", silent=True),
        Wrong(of_both_all_rows, "buying per impression", silent=True),
        Wrong(of_both, "has done its work", silent=True),
        Wrong(by_click_chance, "rank by p_click; asked", silent=True),
        Wrong(click_limit, "limit of clicks", silent=True),
        Wrong(wrong_pooled, "all scenarios together", silent=True),
        Wrong(upside_down, "upside down", silent=True),
        Wrong(ties_lose, "ties as lost", silent=True),
        Wrong(ties_win, "ties as won", silent=True),
        Wrong(accuracy, "accuracy at 0.5", silent=True),
        Wrong(cut_scores, "cut the chances", silent=True),
        Wrong(
            lambda log: {name: round(one, 2) for name, one in limit(log).items()},
            "Do not round",
            silent=True,
        ),
        Wrong(lambda log: float(np.mean(list(limit(log).values()))), "must be a dictionary"),
    ],
)
