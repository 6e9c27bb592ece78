"""Task 50.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from answers import Proof, Wrong
from course_utils.exercises.l50.pr_auc import MISTAKES, NAMED, TIES, false_first, pr_auc, true_first


def _by_sklearn(y: np.ndarray, p: np.ndarray) -> Any:
    some = y.sum(axis=0) > 0
    return average_precision_score(y[:, some], p[:, some], average="macro")


def _by_sorting(y: np.ndarray, p: np.ndarray) -> Any:
    each = []
    for truth, score in zip(y.T, p.T, strict=True):
        if truth.sum() == 0:
            continue
        order = np.argsort(-score)
        hits = truth[order].cumsum(dtype=int)
        last = np.append(np.diff(score[order]) != 0, True)
        recall = hits[last] / truth.sum()
        precision = hits[last] / (np.flatnonzero(last) + 1)
        each.append(np.sum(np.diff(recall, prepend=0) * precision))
    return sum(each) / len(each)


def _each_label(y: np.ndarray, p: np.ndarray) -> Any:
    return [_by_sklearn(y[:, [j]], p[:, [j]]) for j in range(y.shape[1]) if y[:, j].any()]


def _half_way(y: np.ndarray, p: np.ndarray) -> Any:
    """Neither of the orders that the check knows by name."""
    return (true_first(y, p) + 2 * false_first(y, p)) / 3


PROOF = Proof(
    task="50.4",
    right=[_by_sklearn, _by_sorting],
    wrong=[
        *(
            Wrong(
                answer,
                f"{says}.",
                erratum=next((e for part, e in NAMED.items() if part in says), None),
                silent=True,
            )
            for says, answer in MISTAKES.items()
        ),
        Wrong(_half_way, f"{TIES}.", silent=True),
        Wrong(lambda y, p: round(pr_auc(y, p), 3), "Do not round", silent=True),
        Wrong(_each_label, "must be one number"),
        Wrong(lambda y, p: np.float64("nan"), "is nan, as the mean of no rows"),
    ],
)
