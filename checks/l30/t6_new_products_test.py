"""30.6: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from checks.l30.t6_new_products import right
from checks.proof import Proof, Wrong


def _by_library(scores: np.ndarray, bought: np.ndarray, trained: np.ndarray) -> Any:
    new, aucs = np.flatnonzero(~trained), []
    for user in range(len(scores)):
        y = np.asarray(bought[user][new], int)
        if 0 < y.sum() < len(y):
            aucs.append(roc_auc_score(y, scores[user][new]))
    return np.mean(aucs)


def _by_gaps(scores: np.ndarray, bought: np.ndarray, trained: np.ndarray) -> Any:
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


PROOF = Proof(
    task="30.6",
    right=[_by_library, _by_gaps],
    wrong=[
        Wrong(right.in_place("scores[:, trained] = -1e9"), "changes `scores`", silent=True),
        Wrong(
            right.edit({"if had.any() and not had.all():": "if True:"}), "without a pair has one"
        ),
        Wrong(lambda *case: np.array([0.5, 0.5]), "must be one number"),
    ],
)
