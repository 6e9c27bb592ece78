"""Task 24.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong
from course_utils.exercises.l24.judged import (
    alone_for_both,
    both_on_clicks,
    click_score,
    every_row,
    mean_of_both,
    product_for_click,
    product_of_both,
    product_on_clicks,
    reversed_sign,
    right_judge,
    strict_ties,
    sum_for_both,
)
from course_utils.metrics import auc


def _with_sklearn(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, Any]:
    clicked = np.flatnonzero(click)
    return {
        "CTCVR": roc_auc_score(click * buy, np.log(p_click) + np.log(p_buy)),
        "CVR": roc_auc_score(buy[clicked], p_buy[clicked]),
        "CTR": roc_auc_score(click, p_click),
    }


def _by_pairs(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, Any]:
    def area(rows: list[tuple[int, float]]) -> float:
        pairs = [(a > b) + 0.5 * (a == b) for one, a in rows for other, b in rows if one > other]
        return sum(pairs) / len(pairs)

    both = p_click * p_buy
    return {
        "CTR": area(list(zip(click, p_click, strict=True))),
        "CVR": area([(b, q) for c, b, q in zip(click, buy, p_buy, strict=True) if c]),
        "CTCVR": area(list(zip(buy, both, strict=True))),
    }


def _rounded(*case: Any) -> dict[str, float]:
    return {key: round(value, 3) for key, value in right_judge(*case).items()}


def _scores_rounded(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, float]:
    return right_judge(click, buy, p_click.round(2), p_buy.round(2))


def _by_numbers(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, float]:
    """``buy[click]`` takes rows 0 and 1; where both have one label, ``auc`` raises."""
    cvr = auc(buy[click], p_buy[click])
    return {"CTR": auc(click, p_click), "CVR": cvr, "CTCVR": auc(buy, p_click * p_buy)}


def _thresholded(click: Any, buy: Any, p_click: Any, p_buy: Any) -> dict[str, float]:
    rows = click == 1
    return {
        "CTR": float(((p_click > 0.5) == click).mean()),
        "CVR": float(((p_buy > 0.5) == buy)[rows].mean()),
        "CTCVR": float(((p_click * p_buy > 0.5) == buy).mean()),
    }


PROOF = Proof(
    task="24.5",
    right=[_with_sklearn, _by_pairs],
    wrong=[
        Wrong(every_row, "that rewards a click score", silent=True),
        Wrong(product_on_clicks, "among clicked rows p_buy alone counts", silent=True),
        Wrong(_by_numbers, "write buy[click == 1]"),
        Wrong(click_score, "CVR is judged by p_click", silent=True),
        Wrong(alone_for_both, "CTCVR is judged by p_buy alone", silent=True),
        Wrong(both_on_clicks, "CTCVR is judged on the clicked rows", silent=True),
        Wrong(mean_of_both, "the mean of the two other AUCs", silent=True),
        Wrong(product_of_both, "the product of the two other AUCs", silent=True),
        Wrong(sum_for_both, "the sum of the probabilities", silent=True),
        Wrong(product_for_click, "CTR is judged by the product", silent=True),
        Wrong(reversed_sign, "are exchanged", silent=True),
        Wrong(strict_ties, "a tie counts half", silent=True),
        Wrong(_rounded, "You rounded to 3 decimals", silent=True),
        Wrong(_scores_rounded, "CVR must be 1, got 0.7500", silent=True),
        Wrong(_thresholded, "CTR must be 0.7500, got 0.5000", silent=True),
        Wrong(lambda *case: list(right_judge(*case).values()), "a dict with the keys"),
    ],
)
