"""15.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from checks.l15.t4_lambdarank import PLACE, right
from checks.proof import Proof, Wrong
from course_utils import search


def _with_the_library(scores: Any, grades: Any) -> Any:
    found = search.lambda_gradients(np.array([scores]), np.array([grades]), len(scores))
    return found[0]


def _by_swapping(scores: Any, grades: Any) -> Any:
    """NDCG counted anew after each swap."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])

    def dcg(of: list[int]) -> float:
        return float(sum((2.0**g - 1) / np.log2(at + 2) for at, g in enumerate(of)))

    best, total = dcg(sorted(grades, reverse=True)), np.zeros(len(scores))
    for a, i in enumerate(order):
        for b, j in enumerate(order):
            if grades[i] > grades[j]:
                shown = [grades[one] for one in order]
                before = dcg(shown)
                shown[a], shown[b] = shown[b], shown[a]
                size = abs(dcg(shown) - before) / best / (1 + np.exp(scores[i] - scores[j]))
                total[i] += size
                total[j] -= size
    return total.tolist()


def _overflows(scores: Any, grades: Any) -> Any:
    [math.exp(a - b) for a in scores for b in scores]
    return right(scores, grades)


PROOF = Proof(
    task="15.4",
    right=[_with_the_library, _by_swapping],
    wrong=[
        # 0 / 0, and a mask that multiplies.
        Wrong(
            right.edit({"if ideal == 0": "if False", "np.where(": "pair * (", ", pair, 0.0)": ")"}),
            "nan",
        ),
        Wrong(_overflows, "OverflowError", status="error"),
        # argsort gives who stands where, not where each stands: equal for short lists only.
        Wrong(
            right.edit({PLACE: "np.argsort(-scores) + 1"}),
            "must be 0.0675, got 0.0182",
            silent=True,
        ),
        Wrong(
            right.returning("[one / len(scores) for one in result]"),
            "must be -0.2698, got -0.1349",
            silent=True,
        ),
        Wrong(right.returning("[round(one, 4) for one in result]"), "rounded to 4", silent=True),
        Wrong(right.returning("sum(result)"), "must be a list"),
    ],
)
