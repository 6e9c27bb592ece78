"""Task 01.3: purchases per click, the same standardised by group, and the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.l01.shared import compare_logs, mixed
from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_list, as_number, refuse_none
from course_utils.exercises.theirs import shorten, show_table

right = LessonAnswer("01.3")
edit, returning = right.edit, right.returning


def _log(group: list[str], click: list[int], purchase: list[int], p: list[float]) -> pd.DataFrame:
    columns = {"group": group, "click": click, "purchase": purchase, "p_purchase_given_click": p}
    return pd.DataFrame(columns)


def _drawn(seed: int, n: int) -> pd.DataFrame:
    """Groups of unlike sizes, click rates and conversions; those who click buy more readily."""
    draw = np.random.default_rng(seed)
    names = np.array(["shoes", "Shoes", "tea", "NA", "电脑", ""])
    group = draw.choice(6, size=n, p=[0.35, 0.25, 0.15, 0.1, 0.1, 0.05])
    group[: 2 * len(names)] = np.repeat(np.arange(len(names)), 2)
    taste = draw.beta(2, 4, size=n)
    click = (draw.random(n) < taste * (0.2 + 0.15 * group)).astype(np.int64)
    click[: 2 * len(names) : 2] = 1
    p = np.round(0.5 * taste * (0.3 + 0.12 * group) + 0.05 * draw.random(n), 6)
    purchase = click * (draw.random(n) < p)
    table = _log(names[group].tolist(), click.tolist(), purchase.tolist(), p.tolist())
    return mixed(table, draw)


def _conversion_logs() -> list[pd.DataFrame]:
    """A short table to be shown, then longer ones, then edges."""
    short = _log(["a", "b", "b", "b"], [1, 1, 0, 0], [1, 0, 0, 0], [0.4, 0.2, 0.1, 0.1])
    # The group with most rows is clicked least.
    wide = _log(
        ["few"] * 2 + ["many"] * 4,
        [1, 1, 1, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [0.5, 0.3, 0.2, 0.1, 0.1, 0.0],
    )
    nobody = _log(["a", "b"], [1, 1], [0, 0], [1.234e-5, 6.5e-6])
    single = _log(["a"] * 3, [0, 1, 0], [0, 1, 0], [0.1, 0.1, 0.0])
    alike = _log(["tea", "Tea", "Tea"], [1, 1, 0], [1, 0, 0], [0.3, 0.2, 0.1])
    return [short, wide, alike, _drawn(31, 77), _drawn(32, 300), _drawn(33, 900), single, nobody]


# In the last all clicked: a mistake that gives nan there is named by its results elsewhere.
*LOGS, NOBODY = _conversion_logs()
CASES: list[Case] = [(log,) for log in LOGS]

NAIVE = 'log["purchase"].sum() / log["click"].sum()'
RATE = 'groups["purchase"].sum() / groups["click"].sum()'
ADJUSTED = "(rate * groups.size()).sum() / len(log)"
EVERYONE = 'log["p_purchase_given_click"].mean()'
CLICKED_TRUTH = 'log.loc[log["click"] == 1, "p_purchase_given_click"].mean()'


def _weighted_by(weights: str) -> Function:
    """No group has the weight 0, so that their sum is above 0."""
    return edit({ADJUSTED: f"np.average(rate, weights={weights} + 1e-12)"})


SLIPS = {
    "The naive rate divides by clicks; you divide by all rows.": edit(
        {NAIVE: 'log["purchase"].mean()'}
    ),
    "The naive rate is counted from what happened, purchases over clicks; you return the true "
    "probability of the clicked rows.": edit({NAIVE: CLICKED_TRUTH}),
    "You give each group the same weight; its weight is its share of all rows.": edit(
        {ADJUSTED: "rate.mean()"}
    ),
    "You weigh the groups by their clicks, which gives the naive rate again; weigh them by all of "
    "their rows.": edit({ADJUSTED: "naive"}),
    "The adjusted rate is of clicks: divide a group's purchases by its clicks, not by its "
    "rows.": edit({ADJUSTED: 'log["purchase"].mean()'}),
    "You weigh the groups by their rows without a click; all of their rows count.": _weighted_by(
        '(groups.size() - groups["click"].sum())'
    ),
    "The adjusted rate is counted from what happened; the truth has no part in it.": edit(
        {RATE: 'log[log["click"] == 1].groupby("group")["p_purchase_given_click"].mean()'}
    ),
    "You put groups together whose names differ in capitals or blanks.": edit(
        {'groupby("group")': 'groupby(log["group"].str.lower().str.strip())'}
    ),
    "You add 1 purchase and 2 clicks to each group (Laplace); asked are the counts as they "
    "are.": edit({RATE: '(groups["purchase"].sum() + 1) / (groups["click"].sum() + 2)'}),
    "You leave out groups in which nobody bought; their rate is 0.": _weighted_by(
        "groups.size() * (rate > 0)"
    ),
    "Everyone means all rows; you take those who clicked.": edit({EVERYONE: CLICKED_TRUTH}),
    "Everyone means all rows; you take those who did not click.": edit(
        {EVERYONE: CLICKED_TRUTH.replace("== 1", "== 0")}
    ),
    "Unclicked rows have a probability too; you count them as 0.": edit(
        {EVERYONE: '(log["click"] * log["p_purchase_given_click"]).mean()'}
    ),
    "Rows with the same probability count once; count each of them.": edit(
        {EVERYONE: 'log["p_purchase_given_click"].unique().mean()'}
    ),
    "You leave out rows whose probability is 0; 0 is a probability too.": edit(
        {EVERYONE: 'log["p_purchase_given_click"].replace(0.0, np.nan).mean()'}
    ),
    "The last two are exchanged: adjusted first, then everyone.": returning(
        "(result[0], result[2], result[1])"
    ),
    "Return shares, not percent.": returning("[100 * one for one in result]"),
}

PARTS = ("naive", "adjusted", "everyone")


def check_conversion_rates(answer: Any) -> None:
    for logs in (LOGS, [NOBODY]):
        compare_logs(answer, logs, right, _read, _shown, SLIPS, _place)


def _read(value: Any, case: Case) -> list[float]:
    call = _shown(case)
    refuse_none(value, call, "three numbers")
    kinds = (list, tuple, np.ndarray, pd.Series)
    if not isinstance(value, kinds) or getattr(value, "ndim", 1) != 1:
        reject(f"{call} must give three numbers, got {shorten(value)}.")
    got = as_list(value, call)
    if len(got) != len(PARTS):
        reject(f"{call} must give three numbers, got {len(got)}.")
    return [as_number(one, f"{name} of {call}") for name, one in zip(PARTS, got, strict=True)]


def _place(case: Case, at: tuple[Any, ...]) -> str:
    return f"{_shown(case)}, {PARTS[at[0]]},"


def _shown(case: Case) -> str:
    return f"conversion_rates({show_table(case[0])})"


TASK = Task(
    "01.3",
    "Purchases per click, the same standardised by group, and the truth of all rows.",
    check_conversion_rates,
    hints=(
        "Only the third number looks at the truth. The first two count what happened: once for the "
        "whole table, once group by group.",
        "adjusted: for each group its purchases over its clicks, times its number of rows, clicked "
        "or not. Add up, divide by the number of all rows.",
        'groups = log.groupby("group"); groups["purchase"].sum() / groups["click"].sum() is the '
        "rate, groups.size() the weight.",
    ),
    insight="What groups explain is taken away; what no group shows is not.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
