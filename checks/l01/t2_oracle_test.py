"""01.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from checks.l01.t2_oracle import ROWS, SCORE, right
from checks.proof import Proof, Wrong


def _by_ranks(log: pd.DataFrame) -> dict[Any, float]:
    """Mann and Whitney: the rank sum of the buyers."""
    result = {}
    for scenario in set(log["scenario"]):
        rows = log[(log["scenario"] == scenario) & (log["click"] == 1)]
        bought = rows["purchase"].to_numpy() == 1
        ranks = rankdata(rows["p_purchase_given_click"])
        n = bought.sum()
        result[scenario] = (ranks[bought].sum() - n * (n + 1) / 2) / (n * (~bought).sum())
    return result


def _by_pairs(log: pd.DataFrame) -> dict[Any, float]:
    """The share of pairs in which the buyer's probability is higher; ties count half."""
    result = {}
    for scenario, rows in log[log["click"] == 1].groupby("scenario"):
        p, bought = rows["p_purchase_given_click"].to_numpy(), rows["purchase"].to_numpy() == 1
        buyers, others = p[bought][:, None], p[~bought]
        result[scenario] = ((buyers > others) + 0.5 * (buyers == others)).mean()
    return result


def _as_series(log: pd.DataFrame) -> pd.Series:
    clicked = log.query("click == 1")
    return pd.Series(
        {
            name: roc_auc_score(rows["purchase"], rows["p_purchase_given_click"])
            for name, rows in clicked.groupby("scenario")
        }
    )


PROOF = Proof(
    task="01.2",
    right=[_by_ranks, _by_pairs, _as_series],
    wrong=[
        Wrong(
            right.edit({SCORE: f"{SCORE}.round(4)"}),
            "[4e-05, 7e-05, 2e-05, 8e-05, 1e-05, 9e-05]>)['home']",
            silent=True,
        ),
        Wrong(
            right.edit({SCORE: f"{SCORE}.round(8)"}),
            "['home'] must be 1.0000, got 0.5000",
            silent=True,
        ),
        Wrong(
            right.edit({SCORE: f'{SCORE}.astype("float16")'}), "also not to 16 bits", silent=True
        ),
        Wrong(
            right.returning("{name: round(one, 6) for name, one in result.items()}"),
            "rounded to 6 decimals",
            silent=True,
        ),
        Wrong(
            right.edit({ROWS: 'log.loc[log.index[log["click"] == 1]]'}),
            "Take rows by a mask",
            silent=True,
        ),
        Wrong(
            right.first('log = log.assign(scenario=log["scenario"].str.lower())'),
            "lacks the scenario 'Home'",
            silent=True,
        ),
        Wrong(
            right.returning(
                "{name: result[name] for name in ('home', 'search', 'cart') if name in result}"
            ),
            "lacks the scenario '首页'",
            silent=True,
        ),
        Wrong(right.returning("np.mean(list(result.values()))"), "must be a dictionary"),
    ],
)
