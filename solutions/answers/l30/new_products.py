"""Task 30.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong
from course_utils.exercises.l30.new_products_slips import (
    MISTAKES,
    Numbers,
    each,
    new_product_auc,
)


def _by_library(scores: Numbers, bought: Numbers, trained: Numbers) -> Any:
    new, aucs = np.flatnonzero(~trained), []
    for user in range(len(scores)):
        y = np.asarray(bought[user][new], int)
        if 0 < y.sum() < len(y):
            aucs.append(roc_auc_score(y, scores[user][new]))
    return np.mean(aucs)


def _by_gaps(scores: Numbers, bought: Numbers, trained: Numbers) -> Any:
    total, users = 0.0, 0
    for said, had in zip(scores[:, ~trained].tolist(), bought[:, ~trained].tolist(), strict=True):
        pairs = [
            (a > b) + 0.5 * (a == b)
            for a, x in zip(said, had, strict=True)
            for b, y in zip(said, had, strict=True)
            if x and not y
        ]
        if pairs:
            total, users = total + sum(pairs) / len(pairs), users + 1
    return total / users


def _drops_known(scores: Numbers, bought: Numbers, trained: Numbers) -> Any:
    scores[:, trained] = -1e9
    return new_product_auc(scores, bought, trained)


def _with_nan(scores: Numbers, bought: Numbers, trained: Numbers) -> Any:
    new = ~trained
    whole = len(each(scores, bought, new)) == len(scores)
    return new_product_auc(scores, bought, trained) if whole else np.nan


PROOF = Proof(
    task="30.6",
    right=[_by_library, _by_gaps],
    wrong=[
        *(
            Wrong(answer, says, "E15" if "training knows" in says else None, silent=True)
            for says, answer in MISTAKES.items()
        ),
        Wrong(_drops_known, "changes `scores`", silent=True),
        Wrong(_with_nan, "a customer without a pair has one"),
        Wrong(lambda *case: np.array([0.5, 0.5]), "must be one number"),
        Wrong(lambda *case: round(new_product_auc(*case), 2), "rounded to 2 decimals", silent=True),
    ],
)
