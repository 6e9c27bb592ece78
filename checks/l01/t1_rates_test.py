"""01.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.l01.t1_rates import WEIGHTED, right
from checks.proof import Proof, Wrong


def _with_loops(log: pd.DataFrame) -> dict[int, float]:
    sums: dict[int, float] = {}
    counts: dict[int, int] = {}
    rows = zip(log["position"], log["click"], log["p_examine"], strict=True)
    for position, click, p in rows:
        sums[position] = sums.get(position, 0.0) + click / p
        counts[position] = counts.get(position, 0) + 1
    return {position: sums[position] / counts[position] for position in sums}


def _with_bincount(log: pd.DataFrame) -> dict[int, float]:
    position = log["position"].to_numpy()
    total = np.bincount(position, weights=log["click"].to_numpy() / log["p_examine"].to_numpy())
    rows = np.bincount(position)
    return {int(one): total[one] / rows[one] for one in np.unique(position)}


def _as_series(log: pd.DataFrame) -> pd.Series:
    """A Series is a dictionary to whoever reads it by key."""
    return log.assign(w=log["click"].div(log["p_examine"])).groupby("position")["w"].mean()


def _only_clicked_positions(log: pd.DataFrame) -> dict[int, float]:
    clicked = log[log["click"] == 1]
    sums = (1 / clicked["p_examine"]).groupby(clicked["position"]).sum()
    return (sums / log["position"].value_counts()[sums.index]).to_dict()


def _nan_where_nobody_clicked(log: pd.DataFrame) -> dict[int, float]:
    clicked = log[log["click"] == 1]
    sums = (1 / clicked["p_examine"]).groupby(clicked["position"]).sum()
    return (sums / log.groupby("position").size()).to_dict()


def _joined_by_label(log: pd.DataFrame) -> dict[int, float]:
    weighted = (log["click"] / log["p_examine"]).rename("w")
    return log[["position"]].join(weighted).groupby("position")["w"].mean().to_dict()


PROOF = Proof(
    task="01.1",
    right=[_with_loops, _with_bincount, _as_series],
    wrong=[
        Wrong(_only_clicked_positions, "lacks the position 5", silent=True),
        Wrong(_nan_where_nobody_clicked, "[5] must be a finite number, got nan", silent=True),
        Wrong(
            right.returning("{at: rate for at, rate in result.items() if at <= 10}"),
            "lacks the position 11",
            silent=True,
        ),
        Wrong(  # as if each label stood for one row
            right.first("log = log[~log.index.duplicated()]"),
            "index: [0, 1, 2, 0], position: [2, 2, 2, 2]",
            silent=True,
        ),
        Wrong(_joined_by_label, "Take rows by a mask, not by their labels", silent=True),
        Wrong(
            right.edit({WEIGHTED: f"{WEIGHTED}.clip(0.001)"}),
            "must be 5e+11, got 500. Take",
            silent=True,
        ),
        Wrong(
            right.edit({WEIGHTED: 'log["click"] / (log["p_examine"] + 1e-9)'}),
            "raise nothing, add nothing, cut nothing",
            silent=True,
        ),
        Wrong(
            right.edit({WEIGHTED: 'log["click"] / (log["p_examine"] + 1e-6)'}),
            "add no small number",
            silent=True,
        ),
        Wrong(
            right.first('log = log.astype({"position": "int16"})'),
            "lacks the position 40000",
            silent=True,
        ),
        Wrong(
            right.returning("{at: round(rate, 6) for at, rate in result.items()}"),
            "You rounded to 6 decimals",
            silent=True,
        ),
        Wrong(
            right.returning("{at - 1: rate for at, rate in result.items()}"), "lacks the position 2"
        ),
        Wrong(right.returning("list(result.values())"), "must be a dictionary, got list"),
    ],
)
