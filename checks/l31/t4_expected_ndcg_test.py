"""31.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from itertools import groupby, pairwise, permutations
from typing import Any

import numpy as np
from sklearn.metrics import ndcg_score

from checks.l31.t4_expected_ndcg import AS_IT_STANDS, right
from checks.proof import Proof, Wrong


def _groups(scores: Any, grades: Any, k: int) -> Any:
    pairs = sorted(zip(map(float, scores), map(float, grades), strict=True), reverse=True)
    at, total = 0, 0.0
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        gains = [2**grade - 1 for _, grade in group]
        worth = sum(1 / math.log2(p + 2) for p in range(at, at + len(gains)) if p < k)
        total += sum(gains) / len(gains) * worth
        at += len(gains)
    best = sorted((2 ** float(g) - 1 for g in grades), reverse=True)[:k]
    return total / sum(g / math.log2(p + 2) for p, g in enumerate(best))


def _by_sklearn(scores: Any, grades: Any, k: int) -> Any:
    if len(scores) == 1:
        return 1.0
    gains = 2.0 ** np.asarray(grades, float) - 1
    return ndcg_score([gains], [np.asarray(scores, float)], k=k)


def _all_orders_of_few(scores: Any, grades: Any, k: int) -> Any:
    """Of more than eight texts the order of the file is left."""
    if len(scores) > 8:
        return AS_IT_STANDS(scores, grades, k)
    s, g = [float(one) for one in scores], [float(one) for one in grades]
    found = []
    for order in permutations(range(len(s))):
        if all(s[a] >= s[b] for a, b in pairwise(order)):
            found.append(sum((2 ** g[i] - 1) / math.log2(p + 2) for p, i in enumerate(order[:k])))
    best = sorted((2**one - 1 for one in g), reverse=True)[:k]
    return np.mean(found) / sum(one / math.log2(p + 2) for p, one in enumerate(best))


def _small_integers(scores: Any, grades: Any, k: int) -> Any:
    """Minus eight bits turn round, and the order of the file decides."""
    place = np.argsort(np.argsort(-np.asarray(scores), kind="stable"), kind="stable")
    return right(-place, grades, k)


PROOF = Proof(
    task="31.4",
    right=[_groups, _by_sklearn],
    wrong=[
        Wrong(_small_integers, "must be 0.5655, got 0.6309", silent=True),
        Wrong(_all_orders_of_few, "must be 0.2368, got 1", silent=True),
        Wrong(right.in_place("scores.sort()"), "changes `scores`", silent=True),
        Wrong(right.returning("[1.0, 2.0]"), "must be one number"),
    ],
)
