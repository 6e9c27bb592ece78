"""Task 01.3: purchases per click, the same standardised by group, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes
from course_utils.exercises.engine import Task
from course_utils.exercises.l01.shared import compare_logs, mixed
from course_utils.exercises.reading import as_list, as_number, refuse_none
from course_utils.exercises.theirs import shorten, show_table


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


def _by_group(
    log: pd.DataFrame,
    rate: Callable[[pd.DataFrame], float],
    weight: Callable[[pd.DataFrame], float],
) -> float:
    """The mean of the groups' rates with these weights."""
    parts = [rows for _, rows in log.groupby("group")]
    rates, weights = [rate(rows) for rows in parts], [weight(rows) for rows in parts]
    return float(np.dot(rates, weights) / np.sum(weights))


def _per_click(rows: pd.DataFrame) -> float:
    return rows["purchase"].sum() / rows["click"].sum()


def right_conversion(log: pd.DataFrame) -> list[float]:
    adjusted = _by_group(log, _per_click, len)
    return [float(_per_click(log)), adjusted, float(log["p_purchase_given_click"].mean())]


def _with(place: int, one: Callable[[pd.DataFrame], float]) -> Callable[..., list[float]]:
    """The right answer, but for one of the three numbers."""

    def answer(log: pd.DataFrame) -> list[float]:
        result = right_conversion(log)
        result[place] = float(one(log))
        return result

    return answer


def _truth_of(rows: pd.DataFrame) -> float:
    return float(rows.loc[rows["click"] == 1, "p_purchase_given_click"].mean())


def _mixed_names(log: pd.DataFrame) -> float:
    merged = log.assign(group=log["group"].str.lower().str.strip())
    return _by_group(merged, _per_click, len)


def _smoothed(rows: pd.DataFrame) -> float:
    return (rows["purchase"].sum() + 1) / (rows["click"].sum() + 2)


def _selling_only(log: pd.DataFrame) -> float:
    return _by_group(log, _per_click, lambda rows: len(rows) * (rows["purchase"].sum() > 0) + 1e-12)


per_impression = _with(0, lambda log: log["purchase"].mean())
true_of_clicked = _with(0, _truth_of)
groups_alike = _with(1, lambda log: _by_group(log, _per_click, lambda rows: 1))
clicks_as_weights = _with(1, _per_click)
purchases_per_row = _with(1, lambda log: log["purchase"].mean())
unclicked_as_weights = _with(
    1, lambda log: _by_group(log, _per_click, lambda rows: (rows["click"] == 0).sum() + 1e-12)
)
true_by_group = _with(1, lambda log: _by_group(log, _truth_of, len))
names_merged = _with(1, _mixed_names)
smoothed = _with(1, lambda log: _by_group(log, _smoothed, len))
selling_groups = _with(1, _selling_only)
everyone_clicked = _with(2, _truth_of)
everyone_else = _with(2, lambda log: log.loc[log["click"] == 0, "p_purchase_given_click"].mean())
everyone_bought = _with(2, lambda log: (log["click"] * log["p_purchase_given_click"]).mean())
alike_once = _with(2, lambda log: log["p_purchase_given_click"].unique().mean())
nil_is_missing = _with(2, lambda log: log["p_purchase_given_click"].replace(0.0, np.nan).mean())


def wrong_exchanged(log: pd.DataFrame) -> list[float]:
    naive, adjusted, everyone = right_conversion(log)
    return [naive, everyone, adjusted]


def wrong_percent(log: pd.DataFrame) -> list[float]:
    return [100 * one for one in right_conversion(log)]


CONVERSION_MISTAKES: Mistakes = {
    "The naive rate divides by clicks; you divide by all rows.": per_impression,
    "The naive rate is counted from what happened, purchases over clicks; you return the true "
    "probability of the clicked rows.": true_of_clicked,
    "You give each group the same weight; its weight is its share of all rows.": groups_alike,
    "You weigh the groups by their clicks, which gives the naive rate again; weigh them by all of "
    "their rows.": clicks_as_weights,
    "The adjusted rate is of clicks: divide a group's purchases by its clicks, not by its "
    "rows.": purchases_per_row,
    "You weigh the groups by their rows without a click; all of their rows count.": (
        unclicked_as_weights
    ),
    "The adjusted rate is counted from what happened; the truth has no part in it.": true_by_group,
    "You put groups together whose names differ in capitals or blanks.": names_merged,
    "You add 1 purchase and 2 clicks to each group (Laplace); asked are the counts as they "
    "are.": smoothed,
    "You leave out groups in which nobody bought; their rate is 0.": selling_groups,
    "Everyone means all rows; you take those who clicked.": everyone_clicked,
    "Everyone means all rows; you take those who did not click.": everyone_else,
    "Unclicked rows have a probability too; you count them as 0.": everyone_bought,
    "Rows with the same probability count once; count each of them.": alike_once,
    "You leave out rows whose probability is 0; 0 is a probability too.": nil_is_missing,
    "The last two are exchanged: adjusted first, then everyone.": wrong_exchanged,
    "Return shares, not percent.": wrong_percent,
}

PARTS = ("naive", "adjusted", "everyone")


def check_conversion_rates(answer: Any) -> None:
    *logs, nobody = _conversion_logs()
    # All clicked, last: a mistake that gives nan there is named by its results elsewhere.
    for some in (logs, [nobody]):
        compare_logs(answer, some, right_conversion, _read, _shown, CONVERSION_MISTAKES, _place)


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
    id="01.3",
    prompt="Purchases per click, the same standardised by group, and the truth of all rows.",
    check_answer=check_conversion_rates,
    hints=(
        "Only the third number looks at the truth. The first two count what happened: once for the "
        "whole table, once group by group.",
        "adjusted: for each group its purchases over its clicks, times its number of rows, clicked "
        "or not. Add up, divide by the number of all rows.",
        'groups = log.groupby("group"); groups["purchase"].sum() / groups["click"].sum() is the '
        "rate, groups.size() the weight.",
    ),
    insight="What groups explain is taken away; what no group shows is not.",
)
