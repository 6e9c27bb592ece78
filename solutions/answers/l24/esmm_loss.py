"""Task 24.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.metrics import log_loss

from answers import Proof, Wrong
from course_utils.exercises.l24.esmm_loss import (
    clipped,
    halved,
    label_of_buy,
    left_out,
    logloss,
    mean_over_clicks,
    of_distinct,
    on_clicks,
    positives_alone,
    right_loss,
    second_alone,
    sums,
    three_parts,
    zeros_as_labels,
)


def _row_by_row(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    total = 0.0
    for c, b, p, q in zip(click, buy, p_click, p_buy, strict=True):
        total -= math.log(p) if c else math.log(1 - p)
        total -= math.log(p * q) if c and b else math.log(1 - p * q)
    return total / len(click)


def _of_logarithms(click: Any, buy: Any, p_click: Any, p_buy: Any) -> Any:
    bought = np.minimum(click, buy)
    log_both = np.log(p_click) + np.log(p_buy)
    parts = [
        click * np.log(p_click) + (1 - click) * np.log1p(-p_click),
        bought * log_both + (1 - bought) * np.log1p(-np.exp(log_both)),
    ]
    return -np.sum(parts) / click.size


def _nan_without_clicks(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    """The plain loss on clicked rows; without one it is nan."""
    rows = click == 1
    with np.errstate(all="ignore"):
        conversion = logloss(buy, p_buy)[rows].sum() / rows.sum()
    return float(logloss(click, p_click).mean() + conversion)


def _by_sklearn(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    both = log_loss(click * buy, p_click * p_buy, labels=[0, 1])
    return float(log_loss(click, p_click, labels=[0, 1]) + both)


def _divided(click: Any, buy: Any, p_click: Any, p_buy: Any) -> float:
    """p_buy is read as the probability of both, and divided by that of the click."""
    quotient = np.clip(p_buy / p_click, 1e-12, 1 - 1e-12)
    one = np.where(click * buy == 1, -np.log(quotient), -np.log(1 - quotient))
    return float(right_loss(click, buy, p_click, np.full(len(click), 0.5)) + one.mean())


PROOF = Proof(
    task="24.4",
    right=[_row_by_row, _of_logarithms],
    wrong=[
        Wrong(on_clicks, "plain loss of p_buy on the clicked rows", silent=True),
        Wrong(mean_over_clicks, "a mean over the clicked rows", silent=True),
        Wrong(left_out, "rows without a click are left out", silent=True),
        Wrong(of_distinct, "equal rows are counted once", silent=True),
        Wrong(_by_sklearn, "as sklearn's log_loss does", silent=True),
        Wrong(lambda *case: round(right_loss(*case), 7), "You rounded to 7 decimals", silent=True),
        Wrong(lambda *case: round(right_loss(*case), 8), "You rounded to 8 decimals", silent=True),
        Wrong(label_of_buy, "the second label is buy", silent=True),
        Wrong(zeros_as_labels, "takes p_buy alone", silent=True),
        Wrong(three_parts, "a third part", silent=True),
        Wrong(second_alone, "loss of the click is missing", silent=True),
        Wrong(sums, "the rows are summed", silent=True),
        Wrong(halved, "are averaged", silent=True),
        Wrong(positives_alone, "only labels of 1 count", silent=True),
        Wrong(clipped(1e-7), "clipped at 1e-07", silent=True),
        Wrong(clipped(1e-12), "clipped at 1e-12", silent=True),
        Wrong(lambda *case: round(right_loss(*case), 3), "You rounded to 3 decimals", silent=True),
        Wrong(lambda *case: round(right_loss(*case), 6), "Do not round", silent=True),
        Wrong(_nan_without_clicks, "It looks as if the second part is the plain loss of p_buy"),
        Wrong(_divided, "got 2.3349", silent=True),
        Wrong(lambda *case: [right_loss(*case)] * 2, "must be one number"),
    ],
)
