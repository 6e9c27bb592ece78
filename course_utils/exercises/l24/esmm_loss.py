"""Task 24.4: ESMM's loss, over all impressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


def _rows(seed: int, n: int, rate: float) -> Case:
    """Where a row was not clicked, buy holds what nobody has seen: 0 or 1."""
    draw = np.random.default_rng(seed)
    click = (draw.random(n) < rate).astype(float)
    buy = (draw.random(n) < 0.5).astype(float)
    return click, buy, draw.uniform(0.05, 0.95, n).round(2), draw.uniform(0.05, 0.95, n).round(2)


WITH_CLICKS: list[Case] = [
    (np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.array([0.5, 0.4])),
    _rows(1, 6, 0.5),
    _rows(2, 9, 0.3),
    (np.array([1.0]), np.array([1.0]), np.array([0.9]), np.array([0.3])),
    (np.array([1.0, 1.0]), np.array([0.0, 1.0]), np.array([0.6, 0.7]), np.array([0.2, 0.9])),
    # Small probabilities: what is clipped, or has a small number added, is another loss.
    (
        np.array([1.0, 1.0, 0.0]),
        np.array([1.0, 0.0, 0.0]),
        np.array([1e-6, 0.5, 1e-9]),
        np.array([1e-6, 1e-9, 0.5]),
    ),
    (np.array([1.0]), np.array([1.0]), np.array([1e-9]), np.array([1e-9])),
    # A row twice.
    (
        np.array([1.0, 1.0, 0.0]),
        np.array([1.0, 1.0, 0.0]),
        np.array([0.5, 0.5, 0.25]),
        np.array([0.5, 0.5, 0.5]),
    ),
]
CASES = [
    *WITH_CLICKS,
    (np.array([0.0, 0.0]), np.array([1.0, 0.0]), np.array([0.5, 0.25]), np.array([0.5, 0.8])),
    # A small loss: rounded to six decimals it is another one.
    (np.array([0.0]), np.array([0.0]), np.array([1e-5]), np.array([0.25])),
    # A smaller one: rounded to eight decimals it is another one.
    (np.array([0.0]), np.array([0.0]), np.array([1e-7]), np.array([0.53])),
]

Loss = Callable[..., float]


def logloss(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(y == 1, -np.log(p), -np.log1p(-p)))


def right_loss(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    both = logloss(click * buy, p_click * p_buy)
    return float(logloss(click, p_click).mean() + both.mean())


def on_clicks(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    rows = click == 1
    second = logloss(buy, p_buy)[rows]
    return float(logloss(click, p_click).mean() + (second.mean() if rows.any() else 0.0))


def mean_over_clicks(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    second = logloss(click * buy, p_click * p_buy)[click == 1]
    return float(logloss(click, p_click).mean() + (second.mean() if len(second) else 0.0))


def left_out(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    second = np.where(click == 1, logloss(click * buy, p_click * p_buy), 0.0)
    return float(logloss(click, p_click).mean() + second.mean())


def of_distinct(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    rows = np.unique(np.column_stack([click, buy, p_click, p_buy]), axis=0)
    return right_loss(*rows.T)


def label_of_buy(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    return float(logloss(click, p_click).mean() + logloss(buy, p_click * p_buy).mean())


def zeros_as_labels(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    return float(logloss(click, p_click).mean() + logloss(click * buy, p_buy).mean())


def three_parts(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    only = on_clicks(click, buy, p_click, p_buy) - logloss(click, p_click).mean()
    return right_loss(click, buy, p_click, p_buy) + float(only)


def second_alone(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    return float(logloss(click * buy, p_click * p_buy).mean())


def sums(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    return right_loss(click, buy, p_click, p_buy) * len(click)


def halved(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    return right_loss(click, buy, p_click, p_buy) / 2


def positives_alone(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    both = -click * buy * np.log(p_click * p_buy)
    return float((-click * np.log(p_click)).mean() + both.mean())


def clipped(edge: float) -> Loss:
    def loss(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
        first = logloss(click, np.clip(p_click, edge, 1 - edge))
        both = logloss(click * buy, np.clip(p_click * p_buy, edge, 1 - edge))
        return float(first.mean() + both.mean())

    return loss


MISTAKES: dict[str, Loss] = {
    "the second part is the plain loss of p_buy on the clicked rows: ESMM has no such part": (
        on_clicks
    ),
    "the second part is a mean over the clicked rows; take the mean over all impressions": (
        mean_over_clicks
    ),
    "rows without a click are left out of the second part; take all impressions": left_out,
    "equal rows are counted once; take the mean over all rows": of_distinct,
    "the second label is buy; take click * buy, since a row without a click is no purchase": (
        label_of_buy
    ),
    "the second part takes p_buy alone; take the product p_click * p_buy": zeros_as_labels,
    "a third part, p_buy on the clicked rows, is added": three_parts,
    "the loss of the click is missing": second_alone,
    "the rows are summed; take the mean": sums,
    "the two parts are averaged; add them": halved,
    "only labels of 1 count; a label of 0 costs -ln(1 - p)": positives_alone,
    "the probabilities are clipped at 2.2e-16, as sklearn's log_loss does; do not clip them": (
        clipped(float(np.finfo(float).eps))
    ),
    **{
        f"the probabilities are clipped at {edge:g}; do not clip them": clipped(edge)
        for edge in (1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3)
    },
}


def check_esmm_loss(answer: Any) -> None:
    for cases in (WITH_CLICKS, CASES):  # a mean over no clicked row is nan: a slip shows before
        compare(
            answer,
            cases,
            right_loss,
            lambda got, case: as_number(got, _told(case)),
            _told,
            MISTAKES,
        )


def _told(case: Case) -> str:
    return call_of("esmm_loss", case)


TASK = Task(
    id="24.4",
    prompt="Return the loss of the click plus the loss of click and purchase, over all rows.",
    check_answer=check_esmm_loss,
    hints=(
        "Two log losses, both means over all rows: of the click, and of click and purchase.",
        "The second label is click * buy, its probability p_click * p_buy.",
        "def logloss(y, p): return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(); then "
        "logloss(click, p_click) + logloss(click * buy, p_click * p_buy).",
    ),
    insight="No part of the loss looks at p_buy alone: p_buy is trained through the product.",
)
