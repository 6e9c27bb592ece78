"""Task 01.1: click rates by position, corrected by the examination probability."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes
from course_utils.exercises.engine import Task
from course_utils.exercises.l01.shared import as_dict, compare_logs, mixed
from course_utils.exercises.theirs import show_table
from course_utils.exercises.tolerance import apart, same


def _position_logs() -> list[pd.DataFrame]:
    """Short tables to be shown, then longer ones; probabilities differ within a position."""
    short = pd.DataFrame(
        {"position": [2, 2, 2, 2], "click": [1, 0, 0, 0], "p_examine": [0.5, 0.25, 0.25, 0.5]}
    )
    two = pd.DataFrame(
        {
            "position": [1, 3, 1, 3, 3],
            "click": [1, 1, 0, 0, 1],
            "p_examine": [1.0, 0.25, 1.0, 0.8, 0.5],
        }
    )
    logs = [short, two]
    for seed, places in [(11, [1, 2, 3, 4, 5]), (12, [7, 1, 10]), (13, [4])]:
        draw = np.random.default_rng(seed)
        position = np.repeat(places, draw.integers(40, 90, size=len(places)))
        decay = draw.choice([0.2, 0.5, 0.9], size=len(position))
        p = np.round((position + 0.3) ** -decay, 6)
        click = (draw.random(len(p)) < 0.5 * p).astype(np.int64)
        click[np.unique(position, return_index=True)[1]] = 1
        logs.append(
            mixed(pd.DataFrame({"position": position, "click": click, "p_examine": p}), draw)
        )
    return logs


def _edge_logs() -> list[pd.DataFrame]:
    """Nobody clicked at 5, small probabilities at 11, a position far down; a single row."""
    edges = pd.DataFrame(
        {
            "position": [11, 5, 300, 11, 5, 11],
            "click": [1, 0, 1, 0, 0, 1],
            "p_examine": [0.05, 0.4, 0.9, 0.1, 0.3, 0.001],
        }
    )
    single = pd.DataFrame({"position": [7], "click": [1], "p_examine": [0.8]})
    return [edges, single]


def _tiny_log() -> pd.DataFrame:
    """A probability that any bound or added number changes, at a position above 32,767."""
    return pd.DataFrame(
        {"position": [1, 40_000, 40_000], "click": [0, 1, 0], "p_examine": [1.0, 1e-12, 0.5]}
    )


def by_position(one: Callable[[np.ndarray, np.ndarray], float]) -> Callable[..., dict[int, float]]:
    """An answer that takes one number of the clicks and probabilities of each position."""

    def answer(log: pd.DataFrame) -> dict[int, float]:
        return {
            int(position): float(one(rows["click"].to_numpy(), rows["p_examine"].to_numpy()))
            for position, rows in log.groupby("position")
        }

    return answer


def _raised_to(least: float) -> Callable[..., dict[int, float]]:
    return by_position(lambda click, p: np.mean(click / np.maximum(p, least)))


clicked_only = by_position(lambda click, p: float(np.mean(1 / p[click == 1])))
ratio_of_sums = by_position(lambda click, p: click.sum() / p.sum())
over_all_weights = by_position(lambda click, p: (click / p).sum() / (1 / p).sum())
mean_of_weights = by_position(lambda click, p: click.mean() * np.mean(1 / p))
over_clicked_mean = by_position(lambda click, p: click.mean() / p[click == 1].mean())
cut_mean = by_position(lambda click, p: min(1.0, np.mean(click / p)))
ips = by_position(lambda click, p: np.mean(click / p))
nothing_is_one = by_position(lambda click, p: np.mean(click / p) if click.any() else 1.0)


def wrong_relative(log: pd.DataFrame) -> dict[int, float]:
    result = ips(log)
    return {position: rate / result[min(result)] for position, rate in result.items()}


def wrong_over_all_rows(log: pd.DataFrame) -> dict[Any, float]:
    weighted = (log["click"] / log["p_examine"]).groupby(log["position"]).sum()
    return (weighted / len(log)).to_dict()


def wrong_one_number(log: pd.DataFrame) -> dict[Any, float]:
    mean = float((log["click"] / log["p_examine"]).mean())
    return dict.fromkeys(log["position"].unique(), mean)


RATE_MISTAKES: Mistakes = {
    "That is the click rate as it was logged: the examination probability has no part in it.": (
        by_position(lambda click, p: click.mean())
    ),
    "You multiply by the examination probability. A click that was unlikely stands for more.": (
        by_position(lambda click, p: np.mean(click * p))
    ),
    "You divide the sum of the clicks by the sum of the probabilities; each click is to be "
    "divided by the probability of its own row.": ratio_of_sums,
    "You divide by the sum of 1 / p; divide by the number of rows.": over_all_weights,
    "You take the mean over the clicked rows; rows without a click count too, as 0.": (
        clicked_only
    ),
    "You add up and never divide by the number of rows.": (
        by_position(lambda click, p: np.sum(click / p))
    ),
    "The click rate times the mean of 1 / p mixes the rows; divide row by row.": (mean_of_weights),
    "You divide by the mean probability of the clicked rows; divide row by row.": (
        over_clicked_mean
    ),
    "You raise small probabilities to 0.1; take them as they are.": _raised_to(0.1),
    "You raise small probabilities to 0.01; take them as they are.": _raised_to(0.01),
    "Your result of a position where nobody clicked is not 0.": nothing_is_one,
    "You cut the result at 1; with few rows it may lie above.": cut_mean,
    "You divide by the result of the first position.": wrong_relative,
    "You divide by the rows of the whole table, not of the position.": wrong_over_all_rows,
    "You return the mean of the whole table for every position.": wrong_one_number,
}


def check_corrected_rates(answer: Any) -> None:
    # Edges last: a mistake that gives nan there is named by its results elsewhere.
    for logs in (_position_logs(), _edge_logs()):
        compare_logs(
            answer,
            logs,
            ips,
            _read,
            _shown,
            RATE_MISTAKES,
            lambda case, at: f"{_shown(case)}[{at[0]!r}]",
        )
    case = (_tiny_log(),)
    got, want = (_read(rates(*case), case)[40_000] for rates in (answer, ips))
    if not same(got, want):
        texts = apart(want, got)
        reject(
            f"{_shown(case)}[40000] must be {texts[0]}, got {texts[1]}. Take a small probability "
            "as it is: raise nothing, add nothing, cut nothing."
        )


def _read(value: Any, case: Case) -> dict[Any, float]:
    return as_dict(value, _shown(case), sorted(set(case[0]["position"])), "position")


def _shown(case: Case) -> str:
    return f"corrected_rates({show_table(case[0])})"


TASK = Task(
    id="01.1",
    prompt="The click rate of each position, each click divided by its examination probability.",
    check_answer=check_corrected_rates,
    hints=(
        "A click at probability 0.25 stands for four customers who would have clicked, had "
        "they looked. What does a row without a click stand for?",
        "First a new column: click / p_examine, row by row. Rows without a click give 0. Then the "
        "mean of this column for each position.",
        'Group the new Series by log["position"], take .mean(), then .to_dict().',
    ),
    insight="Inverse propensity weighting: unbiased, at the price of large weights far down.",
)
