"""Task 24.5: click, purchase after a click, and both, each on the rows that it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.metrics import auc

KEYS = ("CTR", "CVR", "CTCVR")


def _log(seed: int, n: int, levels: int = 100) -> Case:
    """A log; probabilities on a grid of so many values, so that some are equal."""
    draw = np.random.default_rng(seed)
    click = buy = np.zeros(n, int)
    while not 1 < buy.sum() < click.sum() - 1 < n - 2:
        click = (draw.random(n) < 0.5).astype(int)
        buy = click * (draw.random(n) < 0.5).astype(int)
    p, q = (np.clip(draw.integers(1, levels, n) / levels, 0.01, 0.99).round(2) for _ in range(2))
    return click, buy, p, q


CASES: list[Case] = [
    (
        np.array([1, 1, 0, 0]),
        np.array([1, 0, 0, 0]),
        np.array([0.5, 0.8, 0.4, 0.6]),
        np.array([0.5, 0.3, 0.9, 0.2]),
    ),
    (  # buy[click] takes rows 0 and 1 again and again: other labels, both of them
        np.array([1, 1, 1, 0, 0]),
        np.array([1, 0, 0, 0, 0]),
        np.array([0.9, 0.7, 0.4, 0.6, 0.2]),
        np.array([0.2, 0.4, 0.1, 0.8, 0.5]),
    ),
    _log(1, 12),
    _log(2, 20),
    _log(3, 15, levels=4),
    _log(5, 30, levels=10),
    _log(6, 9),
    (  # the third decimal counts
        np.array([1, 1, 1, 0, 0]),
        np.array([1, 0, 0, 0, 0]),
        np.array([0.5, 0.8, 0.7, 0.4, 0.6]),
        np.array([0.304, 0.301, 0.1, 0.9, 0.2]),
    ),
]

Judge = Callable[..., dict[str, float]]


def right_judge(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, float]:
    rows = click == 1
    return {
        "CTR": auc(click, p_click),
        "CVR": auc(buy[rows], p_buy[rows]),
        "CTCVR": auc(buy, p_click * p_buy),
    }


def instead(key: str, by: Callable[..., float]) -> Judge:
    return lambda *case: {**right_judge(*case), key: by(*case)}


def strict_ties(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, float]:
    """Ties count as lost."""

    def auc(y: Any, s: Any) -> float:
        return float((s[y == 1][:, None] > s[y == 0][None, :]).mean())

    rows = click == 1
    return {
        "CTR": auc(click, p_click),
        "CVR": auc(buy[rows], p_buy[rows]),
        "CTCVR": auc(buy, p_click * p_buy),
    }


every_row = instead("CVR", lambda click, buy, p, q: auc(buy, q))
product_on_clicks = instead(
    "CVR", lambda click, buy, p, q: auc(buy[click == 1], (p * q)[click == 1])
)


def _by_numbers(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    """``buy[click]``: rows 0 and 1, again and again; nan where both have one label."""
    y = buy[click]
    return auc(y, p_buy[click]) if y.min() < y.max() else float("nan")


by_numbers = instead("CVR", _by_numbers)
click_score = instead("CVR", lambda click, buy, p, q: auc(buy[click == 1], p[click == 1]))
alone_for_both = instead("CTCVR", lambda click, buy, p, q: auc(buy, q))
both_on_clicks = instead(
    "CTCVR", lambda click, buy, p, q: auc(buy[click == 1], (p * q)[click == 1])
)
mean_of_both = instead(
    "CTCVR",
    lambda click, buy, p, q: (auc(click, p) + auc(buy[click == 1], q[click == 1])) / 2,
)
product_of_both = instead(
    "CTCVR", lambda click, buy, p, q: auc(click, p) * auc(buy[click == 1], q[click == 1])
)
sum_for_both = instead("CTCVR", lambda click, buy, p, q: auc(buy, p + q))
product_for_click = instead("CTR", lambda click, buy, p, q: auc(click, p * q))


def reversed_sign(*case: Any) -> dict[str, float]:
    return {key: 1 - value for key, value in right_judge(*case).items()}


NUMBERS = (
    "buy[click] takes row 0 or row 1 each time, since click holds 0 and 1: write buy[click == 1]"
)

MISTAKES: dict[str, Judge] = {
    NUMBERS: by_numbers,
    "CVR is judged on all rows, with 0 where nothing was clicked: that rewards a click score": (
        every_row
    ),
    "CVR is judged by the product p_click * p_buy; among clicked rows p_buy alone counts": (
        product_on_clicks
    ),
    "CVR is judged by p_click; take p_buy": click_score,
    "CTCVR is judged by p_buy alone; click and purchase together have the product": alone_for_both,
    "CTCVR is judged on the clicked rows; take all impressions": both_on_clicks,
    "CTCVR is the mean of the two other AUCs": mean_of_both,
    "CTCVR is the product of the two other AUCs": product_of_both,
    "CTCVR is judged by the sum of the probabilities; p(click and buy) is their product": (
        sum_for_both
    ),
    "CTR is judged by the product; take p_click": product_for_click,
    "positives and negatives are exchanged": reversed_sign,
    "equal scores count as lost; a tie counts half": strict_ties,
}


def check_judged(answer: Any) -> None:
    def read(got: Any, case: Case) -> dict[str, float]:
        told = _told(case)
        refuse_none(got, told, "a dict")
        if not isinstance(got, dict) or set(got) != set(KEYS):
            reject(f"{told} must be a dict with the keys {[*KEYS]}, got {shorten(got)}.")
        return {key: as_number(got[key], f"{told}: {key}") for key in KEYS}

    compare(
        answer,
        CASES,
        right_judge,
        read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)}: {at[0]}",
    )


def _told(case: Case) -> str:
    return call_of("judge", case)


TASK = Task(
    id="24.5",
    prompt="Return three AUCs, each on its rows and by its score.",
    check_answer=check_judged,
    hints=(
        "For each of the three ask: which rows, which label, which probability?",
        "CTR: all rows. CVR: the clicked rows, by p_buy. CTCVR: all rows, by the product.",
        "rows = click == 1; auc(click, p_click), auc(buy[rows], p_buy[rows]), "
        "auc(buy, p_click * p_buy).",
    ),
    forgotten={
        part: f"If you wrote buy[click]: {NUMBERS}."
        for part in ("AUC needs both labels", "two rows of the same length")
    },
    insight="State the rows with every AUC of a CVR: on all rows a click score can beat the truth.",
)
