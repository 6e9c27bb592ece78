"""Task 15.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils import search
from course_utils.exercises.l15.lambdas import MISTAKES, push, right_lambdas


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


def _divides_by_nothing(scores: Any, grades: Any) -> Any:
    gain = 2.0 ** np.array(grades) - 1
    position = np.argsort(np.argsort(-np.array(scores)))
    worth = 1 / np.log2(position + 2)
    ideal = (np.sort(gain)[::-1] / np.log2(np.arange(len(gain)) + 2)).sum()
    change = np.abs(np.subtract.outer(gain, gain) * np.subtract.outer(worth, worth)) / ideal
    pair = change / (1 + np.exp(np.subtract.outer(np.array(scores), np.array(scores))))
    pair = pair * (np.subtract.outer(gain, gain) > 0)
    return pair.sum(1) - pair.sum(0)


def _one_argsort(scores: Any, grades: Any) -> Any:
    """argsort gives who stands where, not where each stands: equal for short lists only."""
    at = np.argsort(-np.array(scores))
    gain, worth = 2.0 ** np.array(grades) - 1, 1 / np.log2(at + 2)
    ideal = (np.sort(gain)[::-1] / np.log2(np.arange(len(gain)) + 2)).sum() or 1.0
    change = np.abs(np.subtract.outer(gain, gain) * np.subtract.outer(worth, worth)) / ideal
    pair = change / (1 + np.exp(np.subtract.outer(np.array(scores), np.array(scores))))
    pair = pair * (np.subtract.outer(gain, gain) > 0)
    return pair.sum(1) - pair.sum(0)


def _mean(scores: Any, grades: Any) -> Any:
    return [one / len(scores) for one in right_lambdas(scores, grades)]


PROOF = Proof(
    task="15.4",
    right=[_with_the_library, _by_swapping, right_lambdas],
    wrong=[
        *silent(MISTAKES),
        Wrong(_divides_by_nothing, "nan"),
        Wrong(
            lambda s, g: push(s, g, slope=lambda d: 1 / (1 + math.exp(d))),
            "OverflowError",
            status="error",
        ),
        Wrong(_one_argsort, "must be 0.0675, got 0.0182", silent=True),
        Wrong(_mean, "must be -0.2698, got -0.1349", silent=True),
        Wrong(
            lambda s, g: [round(one, 4) for one in right_lambdas(s, g)],
            "rounded to 4",
            silent=True,
        ),
        Wrong(lambda s, g: sum(right_lambdas(s, g)), "must be a list"),
    ],
)
