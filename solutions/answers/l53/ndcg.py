"""Task 53.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import ndcg_score

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.ndcg import MISTAKES, by, right_ndcg
from course_utils.exercises.l53.ndcg_check import _by_groups, _sorts_in_place


def _with_scikit(lists: Any, k: int) -> Any:
    values = []
    for gains, scores in lists:
        if any(gains):
            one = len(gains) == 1
            values.append(1.0 if one else ndcg_score([gains], [scores], k=k))
    return sum(values) / len(values) if values else None


def _with_loops(lists: Any, k: int) -> Any:
    values = []
    for gains, scores in lists:
        order = sorted(range(len(gains)), key=lambda at: -scores[at])
        top = below = 0.0
        for position, at in enumerate(order[:k], start=1):
            tied = [g for g, s in zip(gains, scores, strict=True) if s == scores[at]]
            top += sum(tied) / len(tied) / np.log2(position + 1)
        for position, gain in enumerate(sorted(gains, reverse=True)[:k], start=1):
            below += gain / np.log2(position + 1)
        if below > 0:
            values.append(top / below)
    return sum(values) / len(values) if values else None


def _ignores_k(lists: Any, k: int) -> Any:
    return right_ndcg(lists, 1000)


def _rounded(lists: Any, k: int) -> Any:
    value = right_ndcg(lists, k)
    return None if value is None else round(value, 4)


def _zero_for_none(lists: Any, k: int) -> Any:
    value = right_ndcg(lists, k)
    return 0.0 if value is None else value


PROOF = Proof(
    task="53.2",
    right=[_with_scikit, _with_loops, _by_groups],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "rounded to 4 decimals", silent=True),
        Wrong(_ignores_k, "k = 2\nthe result must be 0.6", silent=True),
        Wrong(_zero_for_none, "must be None, got 0.0", silent=True),
        Wrong(_sorts_in_place, "your function changes `lists`", silent=True),
        Wrong(lambda lists, k: [by()(lists, k)] * 2, "must be one number"),
    ],
)
