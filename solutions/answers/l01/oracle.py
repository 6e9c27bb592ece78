"""Task 01.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong
from course_utils.exercises.l01.oracle import (
    above,
    accuracy,
    by_click_chance,
    by_scenario,
    click_as_label,
    click_oracle,
    cut_scores,
    of_all_rows,
    of_both,
    of_both_all_rows,
    oracle,
    ties_lose,
    ties_win,
    upside_down,
    wrong_pooled,
)


def _oracle_by_ranks(log: pd.DataFrame) -> dict[Any, float]:
    """Mann and Whitney: the rank sum of the buyers."""
    result = {}
    for scenario in set(log["scenario"]):
        rows = log[(log["scenario"] == scenario) & (log["click"] == 1)]
        bought = rows["purchase"].to_numpy() == 1
        ranks = rankdata(rows["p_purchase_given_click"])
        n = bought.sum()
        result[scenario] = (ranks[bought].sum() - n * (n + 1) / 2) / (n * (~bought).sum())
    return result


def _oracle_by_pairs(log: pd.DataFrame) -> dict[Any, float]:
    return by_scenario(lambda rows: above(rows, 0.5))(log)


def _oracle_as_series(log: pd.DataFrame) -> pd.Series:
    clicked = log.query("click == 1")
    return pd.Series(
        {
            name: roc_auc_score(rows["purchase"], rows["p_purchase_given_click"])
            for name, rows in clicked.groupby("scenario")
        }
    )


def _of_changed(change: Callable[[pd.Series], pd.Series]) -> Callable[..., dict[Any, float]]:
    """Ranks by the probabilities as another type or with few decimals holds them."""

    def answer(log: pd.DataFrame) -> dict[Any, float]:
        return oracle(log.assign(p_purchase_given_click=change(log["p_purchase_given_click"])))

    return answer


def _three_scenarios(log: pd.DataFrame) -> dict[Any, float]:
    known = oracle(log)
    return {name: known[name] for name in ("home", "search", "cart") if name in known}


def _by_label(log: pd.DataFrame) -> dict[Any, float]:
    return oracle(log.loc[log.index[log["click"] == 1]])


PROOF = Proof(
    task="01.2",
    right=[_oracle_by_ranks, _oracle_by_pairs, _oracle_as_series],
    wrong=[
        Wrong(of_all_rows, "You rank all rows", silent=True),
        Wrong(of_both_all_rows, "buying per impression", silent=True),
        Wrong(of_both, "has done its work", silent=True),
        Wrong(by_click_chance, "rank by p_click; asked", silent=True),
        Wrong(click_oracle, "oracle of clicks", silent=True),
        Wrong(click_as_label, "the label is purchase", silent=True),
        Wrong(wrong_pooled, "all scenarios together", silent=True),
        Wrong(upside_down, "upside down", silent=True),
        Wrong(ties_lose, "ties as lost", silent=True),
        Wrong(ties_win, "ties as won", silent=True),
        Wrong(accuracy, "accuracy at 0.5", silent=True),
        Wrong(cut_scores, "cut the probabilities", silent=True),
        Wrong(
            lambda log: {name: round(one, 2) for name, one in oracle(log).items()},
            "Do not round",
            silent=True,
        ),
        Wrong(
            _of_changed(lambda p: p.round(4)),
            "[4e-05, 7e-05, 2e-05, 8e-05, 1e-05, 9e-05]>)['home']",
            silent=True,
        ),
        Wrong(
            _of_changed(lambda p: p.round(8)), "['home'] must be 1.0000, got 0.5000", silent=True
        ),
        Wrong(_of_changed(lambda p: p.astype("float16")), "also not to 16 bits", silent=True),
        Wrong(
            lambda log: {name: round(one, 6) for name, one in oracle(log).items()},
            "rounded to 6 decimals",
            silent=True,
        ),
        Wrong(_by_label, "Take rows by a mask", silent=True),
        Wrong(
            lambda log: oracle(log.assign(scenario=log["scenario"].str.lower())),
            "lacks the scenario 'Home'",
            silent=True,
        ),
        Wrong(_three_scenarios, "lacks the scenario '首页'", silent=True),
        Wrong(lambda log: float(np.mean(list(oracle(log).values()))), "must be a dictionary"),
    ],
)
