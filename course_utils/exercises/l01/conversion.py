"""Task 01.3: naive and true conversion."""

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


def _conversion_logs() -> list[pd.DataFrame]:
    """A short table to be shown, then longer ones; those who click buy more readily."""
    short = pd.DataFrame(
        {
            "click": [1, 1, 0, 0],
            "purchase": [1, 0, 0, 0],
            "p_purchase_given_click": [0.4, 0.2, 0.1, 0.1],
        }
    )
    logs = [short]
    for seed, n in [(31, 60), (32, 250), (33, 900)]:
        draw = np.random.default_rng(seed)
        liking = draw.beta(2, 4, size=n)
        click = (draw.random(n) < 0.7 * liking).astype(np.int64)
        p = np.round(0.6 * liking + 0.1 * draw.random(n), 6)
        purchase = click * (draw.random(n) < p)
        log = pd.DataFrame({"click": click, "purchase": purchase, "p_purchase_given_click": p})
        logs.append(mixed(log, draw))
    # One click, no purchase, and conversions that six decimals do not hold.
    few = {"click": [0, 1], "purchase": [0, 0], "p_purchase_given_click": [1.234e-5, 6.5e-6]}
    # Unclicked rows that are alike, and one whose probability is 0.
    alike = {
        "click": [1, 0, 0, 0, 0],
        "purchase": [0] * 5,
        "p_purchase_given_click": [0.1, 0.1, 0.1, 0.4, 0.0],
    }
    return [*logs, pd.DataFrame(few), pd.DataFrame(alike)]


def right_conversion(log: pd.DataFrame) -> list[float]:
    p = log["p_purchase_given_click"]
    naive = log["purchase"].sum() / log["click"].sum()
    return [float(naive), float(p.mean()), float(p[log["click"] == 0].mean())]


def _with(place: int, one: Callable[[pd.DataFrame], float]) -> Callable[..., list[float]]:
    """The right answer, but for one of the three numbers."""

    def answer(log: pd.DataFrame) -> list[float]:
        result = right_conversion(log)
        result[place] = float(one(log))
        return result

    return answer


def _chance_of(click: int) -> Callable[[pd.DataFrame], float]:
    return lambda log: float(log.loc[log["click"] == click, "p_purchase_given_click"].mean())


per_impression = _with(0, lambda log: log["purchase"].mean())
true_of_clicked = _with(0, _chance_of(1))
everyone_clicked = _with(1, _chance_of(1))
everyone_half = _with(1, lambda log: (_chance_of(0)(log) + _chance_of(1)(log)) / 2)
everyone_bought = _with(1, lambda log: (log["click"] * log["p_purchase_given_click"]).mean())
unclicked_nil = _with(2, lambda log: log.loc[log["click"] == 0, "purchase"].mean())
unclicked_clicked = _with(2, _chance_of(1))
not_bought = _with(2, lambda log: log.loc[log["purchase"] == 0, "p_purchase_given_click"].mean())

unclicked_over_all = _with(
    2, lambda log: ((1 - log["click"]) * log["p_purchase_given_click"]).mean()
)


unclicked_alike_once = _with(
    2, lambda log: log.loc[log["click"] == 0, "p_purchase_given_click"].unique().mean()
)


def nil_is_missing(log: pd.DataFrame) -> list[float]:
    return right_conversion(log.replace({"p_purchase_given_click": {0.0: np.nan}}))


def wrong_exchanged(log: pd.DataFrame) -> list[float]:
    naive, everyone, unclicked = right_conversion(log)
    return [naive, unclicked, everyone]


def wrong_percent(log: pd.DataFrame) -> list[float]:
    return [100 * one for one in right_conversion(log)]


CONVERSION_MISTAKES: Mistakes = {
    "The naive rate divides by clicks; you divide by all rows.": per_impression,
    "The naive rate is counted from what happened, purchases over clicks; you return the true "
    "probability of the clicked rows.": true_of_clicked,
    "Everyone means all rows; you take those who clicked.": everyone_clicked,
    "You take the mean of two means; the two groups are not of one size.": everyone_half,
    "Unclicked rows have a probability too; you count them as 0.": everyone_bought,
    "Among the unclicked nobody bought: what counts is their probability, not the outcome.": (
        unclicked_nil
    ),
    "The third number is of the rows without a click; you take those with one.": (
        unclicked_clicked
    ),
    "You take all who did not buy; some of them clicked.": not_bought,
    "You divide the sum over the unclicked rows by the number of all rows.": unclicked_over_all,
    "Unclicked rows with the same probability count once; count each of them.": (
        unclicked_alike_once
    ),
    "You leave out rows whose probability is 0; 0 is a probability too.": nil_is_missing,
    "The last two are exchanged: everyone first, then the unclicked.": wrong_exchanged,
    "Return shares, not percent.": wrong_percent,
}

PARTS = ("naive", "everyone", "unclicked")


def check_conversion_rates(answer: Any) -> None:
    compare_logs(
        answer,
        _conversion_logs(),
        right_conversion,
        _read,
        _shown,
        CONVERSION_MISTAKES,
        lambda case, at: f"{_shown(case)}, {PARTS[at[0]]},",
    )


def _read(value: Any, case: Case) -> list[float]:
    call = _shown(case)
    refuse_none(value, call, "three numbers")
    if not isinstance(value, (list, tuple, np.ndarray, pd.Series)) or np.ndim(value) != 1:
        reject(f"{call} must give three numbers, got {shorten(value)}.")
    got = as_list(value, call)
    if len(got) != len(PARTS):
        reject(f"{call} must give three numbers, got {len(got)}.")
    return [as_number(one, f"{name} of {call}") for name, one in zip(PARTS, got, strict=True)]


def _shown(case: Case) -> str:
    return f"conversion_rates({show_table(case[0])})"


TASK = Task(
    id="01.3",
    prompt="Purchases per click, and the true conversion of all rows and of the unclicked.",
    check_answer=check_conversion_rates,
    hints=(
        "Two of the three numbers are means of one column, over different rows. Only the first "
        "looks at what happened.",
        "naive: the sum of purchase over the sum of click. everyone: the mean of "
        "p_purchase_given_click. unclicked: the same mean over fewer rows.",
        'The rows without a click are log[log["click"] == 0]. Return the three in the order '
        "(naive, everyone, unclicked).",
    ),
    insight="The clicked rows promise more than everybody would keep: selection bias.",
)
