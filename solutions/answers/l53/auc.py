"""Task 53.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.auc import MISTAKES, right_auc_gauc


def _with_scikit(user: Any, label: Any, score: Any) -> Any:
    user, label, score = np.array(user), np.array(label), np.array(score, float)

    def auc(at: Any) -> Any:
        return roc_auc_score(label[at], score[at]) if len(set(label[at])) == 2 else None

    parts = [(sum(user == one), auc(user == one)) for one in np.unique(user)]
    parts = [one for one in parts if one[1] is not None]
    weights, values = zip(*parts, strict=True) if parts else ([], [])
    everywhere = np.ones(len(user), bool)
    return [auc(everywhere), np.average(values, weights=weights) if parts else None]


def _with_ranks(user: Any, label: Any, score: Any) -> Any:
    def auc(rows: list[int]) -> Any:
        y = np.array([label[k] for k in rows], int)
        p, n = y.sum(), len(y) - y.sum()
        if not p or not n:
            return None
        ranks = rankdata([score[k] for k in rows])
        return (ranks @ y - p * (p + 1) / 2) / (p * n)

    rows: dict[str, list[int]] = {}
    for k, one in enumerate(user):
        rows.setdefault(one, []).append(k)
    kept = [(len(one), auc(one)) for one in rows.values() if auc(one) is not None]
    inside = sum(n * a for n, a in kept) / sum(n for n, _ in kept) if kept else None
    return auc(list(range(len(user)))), inside


def _rounded(*case: Any) -> Any:
    return tuple(None if one is None else round(one, 3) for one in right_auc_gauc(*case))


def _in_place(user: Any, label: Any, score: Any) -> Any:
    found = right_auc_gauc(user, label, score)
    score.sort()
    return found


PROOF = Proof(
    task="53.1",
    right=[_with_scikit, _with_ranks],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "rounded to 3 decimals", silent=True),
        Wrong(_in_place, "your function changes `score`", silent=True),
        Wrong(
            lambda *case: tuple(one or None for one in right_auc_gauc(*case)),
            "the AUC must be 0.0, got None",
            silent=True,
        ),
        Wrong(lambda *case: right_auc_gauc(*case)[0], "must be 2 results"),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
