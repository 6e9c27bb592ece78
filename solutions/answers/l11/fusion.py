"""Task 11.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l11.fusion import MISTAKES, Rankings, right_fuse, right_scores


def _with_pandas(rankings: Rankings, k: int) -> Any:
    rows = [(one, 1 / (k + at + 1)) for ranking in rankings for at, one in enumerate(ranking)]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=["id", "score"]).groupby("id").score.sum().round(12)
    frame = frame.reset_index().sort_values(["score", "id"], ascending=[False, True])
    return frame["id"]


def _with_sets(rankings: Rankings, k: int) -> Any:
    everything = sorted(set().union(*rankings))
    scores = [
        sum(1 / (k + 1 + ranking.index(one)) for ranking in rankings if one in ranking)
        for one in everything
    ]
    order = np.argsort(-np.round(scores, 12), kind="stable")
    return tuple(everything[at] for at in order)


def _exactly(rankings: Rankings, k: int) -> Any:
    """In fractions, rounded at the end."""
    scores = {
        one: sum(Fraction(1, k + 1 + r.index(one)) for r in rankings if one in r)
        for one in sorted(set().union(*rankings))
    }
    return sorted(scores, key=lambda one: -round(float(scores[one]), 12))


def _adding(part: Callable[[int, int], float]) -> Callable[[Rankings, int], list[str]]:
    """Sums of another part than 1 / (k + position)."""

    def fuse(rankings: Rankings, k: int) -> list[str]:
        scores: dict[str, float] = {}
        for ranking in rankings:
            for at, one in enumerate(ranking, start=1):
                scores[one] = scores.get(one, 0.0) + part(k, at)
        return sorted(scores, key=lambda one: (-round(scores[one], 12), one))

    return fuse


def _with_float32(rankings: Rankings, k: int) -> list[str]:
    return _adding(lambda k, at: float(np.float32(1 / (k + at))))(rankings, k)


PROOF = Proof(
    task="11.4",
    right=[_with_pandas, _with_sets, _exactly],
    wrong=[
        *silent(MISTAKES),
        Wrong(_adding(lambda k, at: 1 / (k * at)), "not added to the position.", silent=True),
        Wrong(_adding(lambda k, at: 1000 - at), "got ['f', 'd', 'a'", silent=True),
        Wrong(
            _adding(lambda k, at: 1 / (k + at) ** 0.5),
            "got ['f', 'd', 'a', 'b', 'g', 'c', 'h', 'e', 'i', 'j'].",
            silent=True,
        ),
        Wrong(_adding(lambda k, at: 1 / math.log2(k + at)), "'d', 'e'].", silent=True),
        Wrong(_with_float32, "got ['f', 'b'", silent=True),
        Wrong(
            lambda rankings, k: rankings[0] if len(rankings) == 1 else right_fuse(rankings, k),
            "3000000) must be ['a', 'b']",
            silent=True,
        ),
        Wrong(lambda rankings, k: [*right_fuse(rankings, k), "p1"], "must be ['p1'", silent=True),
        Wrong(lambda rankings, k: dict(right_scores(rankings, k)), "must be a list, got dict"),
    ],
)
