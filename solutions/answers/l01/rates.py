"""Task 01.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l01.rates import (
    by_position,
    clicked_only,
    cut_mean,
    ips,
    mean_of_weights,
    nothing_is_one,
    over_all_weights,
    over_clicked_mean,
    ratio_of_sums,
    wrong_one_number,
    wrong_over_all_rows,
    wrong_relative,
)


def _rates_with_loops(log: pd.DataFrame) -> dict[int, float]:
    sums: dict[int, float] = {}
    counts: dict[int, int] = {}
    rows = zip(log["position"], log["click"], log["p_examine"], strict=True)
    for position, click, p in rows:
        sums[position] = sums.get(position, 0.0) + click / p
        counts[position] = counts.get(position, 0) + 1
    return {position: sums[position] / counts[position] for position in sums}


def _rates_with_bincount(log: pd.DataFrame) -> dict[int, float]:
    position = log["position"].to_numpy()
    total = np.bincount(position, weights=log["click"].to_numpy() / log["p_examine"].to_numpy())
    rows = np.bincount(position)
    return {int(one): total[one] / rows[one] for one in np.unique(position)}


def _rates_as_series(log: pd.DataFrame) -> pd.Series:
    """A Series is a dictionary to whoever reads it by key."""
    return log.assign(w=log["click"].div(log["p_examine"])).groupby("position")["w"].mean()


def _wrong_from_zero(log: pd.DataFrame) -> dict[int, float]:
    return {position - 1: rate for position, rate in ips(log).items()}


def _raised(least: float) -> Callable[..., dict[int, float]]:
    return by_position(lambda click, p: np.mean(click / p.clip(least)))


def _only_clicked_positions(log: pd.DataFrame) -> dict[int, float]:
    clicked = log[log["click"] == 1]
    sums = (1 / clicked["p_examine"]).groupby(clicked["position"]).sum()
    return (sums / log["position"].value_counts()[sums.index]).to_dict()


def _nan_where_nobody_clicked(log: pd.DataFrame) -> dict[int, float]:
    clicked = log[log["click"] == 1]
    sums = (1 / clicked["p_examine"]).groupby(clicked["position"]).sum()
    return (sums / log.groupby("position").size()).to_dict()


def _first_ten(log: pd.DataFrame) -> dict[int, float]:
    means = ips(log)
    return {position: means[position] for position in range(1, 11) if position in means}


def _by_label(log: pd.DataFrame) -> dict[int, float]:
    """Takes rows by their index, as if each label stood for one row."""
    log = log[~log.index.duplicated()]
    return ips(log)


def _joined_by_label(log: pd.DataFrame) -> dict[int, float]:
    weighted = (log["click"] / log["p_examine"]).rename("w")
    return log[["position"]].join(weighted).groupby("position")["w"].mean().to_dict()


def _added(small: float) -> Callable[..., dict[int, float]]:
    return by_position(lambda click, p: float(np.mean(click / (p + small))))


PROOF = Proof(
    task="01.1",
    right=[_rates_with_loops, _rates_with_bincount, _rates_as_series],
    wrong=[
        Wrong(by_position(lambda click, p: click.mean()), "as it was logged", silent=True),
        Wrong(by_position(lambda click, p: np.mean(click * p)), "You multiply", silent=True),
        Wrong(ratio_of_sums, "sum of the clicks", silent=True),
        Wrong(over_all_weights, "by the sum of 1 / p", silent=True),
        Wrong(clicked_only, "mean over the clicked rows", silent=True),
        Wrong(by_position(lambda click, p: np.sum(click / p)), "never divide", silent=True),
        Wrong(mean_of_weights, "mixes the rows", silent=True),
        Wrong(over_clicked_mean, "mean probability of the clicked", silent=True),
        Wrong(cut_mean, "cut the result", silent=True),
        Wrong(wrong_relative, "result of the first position", silent=True),
        Wrong(wrong_over_all_rows, "rows of the whole table", silent=True),
        Wrong(wrong_one_number, "mean of the whole table", silent=True),
        Wrong(lambda log: {k: round(v, 3) for k, v in ips(log).items()}, "not round", silent=True),
        Wrong(_raised(0.1), "You raise small probabilities to 0.1;", silent=True),
        Wrong(_raised(0.01), "You raise small probabilities to 0.01;", silent=True),
        Wrong(nothing_is_one, "where nobody clicked is not 0", silent=True),
        Wrong(_only_clicked_positions, "lacks the position 5", silent=True),
        Wrong(_nan_where_nobody_clicked, "[5] must be a finite number, got nan", silent=True),
        Wrong(_first_ten, "lacks the position 11", silent=True),
        Wrong(_by_label, "index: [0, 1, 2, 0], position: [2, 2, 2, 2]", silent=True),
        Wrong(_joined_by_label, "Take rows by a mask, not by their labels", silent=True),
        Wrong(_raised(0.001), "must be 5e+11, got 500. Take", silent=True),
        Wrong(_added(1e-9), "raise nothing, add nothing, cut nothing", silent=True),
        Wrong(_added(1e-6), "add no small number", silent=True),
        Wrong(
            lambda log: ips(log.astype({"position": "int16"})),
            "lacks the position 40000",
            silent=True,
        ),
        Wrong(
            lambda log: {k: round(v, 6) for k, v in ips(log).items()},
            "You rounded to 6 decimals",
            silent=True,
        ),
        Wrong(_wrong_from_zero, "lacks the position 2"),
        Wrong(lambda log: list(ips(log).values()), "must be a dictionary, got list"),
    ],
)
