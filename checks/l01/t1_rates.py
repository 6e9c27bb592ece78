"""Task 01.1: click rates by position, corrected by the examination probability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.l01.shared import as_dict, compare_logs, mixed
from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.theirs import show_table
from course_utils.exercises.tolerance import apart, same

right = LessonAnswer("01.1")
edit, returning = right.edit, right.returning


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


POSITIONS, EDGES = _position_logs(), _edge_logs()
CASES: list[Case] = [(log,) for log in POSITIONS]

# A probability that any bound or added number changes, at a position above 32,767.
TINY = pd.DataFrame(
    {"position": [1, 40_000, 40_000], "click": [0, 1, 0], "p_examine": [1.0, 1e-12, 0.5]}
)

WEIGHTED = 'log["click"] / log["p_examine"]'
MEAN = 'weighted.groupby(log["position"]).mean()'


def _by_position(one: str) -> Function:
    """One number of the rows of each position."""
    return edit({MEAN: f'log.groupby("position").apply(lambda rows: {one})'})


SLIPS = {
    "That is the click rate as it was logged: the examination probability has no part in it.": edit(
        {WEIGHTED: 'log["click"]'}
    ),
    "You multiply by the examination probability. A click that was unlikely stands for more.": edit(
        {WEIGHTED: 'log["click"] * log["p_examine"]'}
    ),
    "You divide the sum of the clicks by the sum of the probabilities; each click is to be "
    "divided by the probability of its own row.": _by_position(
        "rows.click.sum() / rows.p_examine.sum()"
    ),
    "You divide by the sum of 1 / p; divide by the number of rows.": _by_position(
        "(rows.click / rows.p_examine).sum() / (1 / rows.p_examine).sum()"
    ),
    "You take the mean over the clicked rows; rows without a click count too, as 0.": _by_position(
        "(1 / rows.p_examine[rows.click == 1]).mean()"
    ),
    "You add up and never divide by the number of rows.": edit({".mean()": ".sum()"}),
    "The click rate times the mean of 1 / p mixes the rows; divide row by row.": _by_position(
        "rows.click.mean() * (1 / rows.p_examine).mean()"
    ),
    "You divide by the mean probability of the clicked rows; divide row by row.": _by_position(
        "rows.click.mean() / rows.p_examine[rows.click == 1].mean()"
    ),
    **{
        f"You raise small probabilities to {least}; take them as they are.": edit(
            {WEIGHTED: f"{WEIGHTED}.clip({least})"}
        )
        for least in (0.1, 0.01)
    },
    "Your result of a position where nobody clicked is not 0.": _by_position(
        "(rows.click / rows.p_examine).mean() if rows.click.any() else 1.0"
    ),
    "You cut the result at 1; with few rows it may lie above.": returning(
        "{position: min(1.0, rate) for position, rate in result.items()}"
    ),
    "You divide by the result of the first position.": returning(
        "{position: rate / result[min(result)] for position, rate in result.items()}"
    ),
    "You divide by the rows of the whole table, not of the position.": edit(
        {MEAN: f"({MEAN.replace('mean', 'sum')} / len(log))"}
    ),
    "You return the mean of the whole table for every position.": returning(
        f"dict.fromkeys(result, ({WEIGHTED}).mean())"
    ),
}


def check_corrected_rates(answer: Any) -> None:
    # Edges last: a mistake that gives nan there is named by its results elsewhere.
    for logs in (POSITIONS, EDGES):
        compare_logs(answer, logs, right, _read, _shown, SLIPS, _place)
    case = (TINY,)
    got, want = (_read(rates(*case), case)[40_000] for rates in (answer, right))
    if not same(got, want):
        texts = apart(want, got)
        reject(
            f"{_shown(case)}[40000] must be {texts[0]}, got {texts[1]}. Take a small probability "
            "as it is: raise nothing, add nothing, cut nothing."
        )


def _read(value: Any, case: Case) -> dict[Any, float]:
    return as_dict(value, _shown(case), sorted(set(case[0]["position"])), "position")


def _place(case: Case, at: tuple[Any, ...]) -> str:
    return f"{_shown(case)}[{at[0]!r}]"


def _shown(case: Case) -> str:
    return f"corrected_rates({show_table(case[0])})"


TASK = Task(
    "01.1",
    "The click rate of each position, each click divided by its examination probability.",
    check_corrected_rates,
    hints=(
        "A click at probability 0.25 stands for four customers who would have clicked, had "
        "they looked. What does a row without a click stand for?",
        "First a new column: click / p_examine, row by row. Rows without a click give 0. Then the "
        "mean of this column for each position.",
        'Group the new Series by log["position"], take .mean(), then .to_dict().',
    ),
    insight="Inverse propensity weighting: unbiased, at the price of large weights far down.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
