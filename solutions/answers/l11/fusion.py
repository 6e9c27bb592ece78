"""Task 11.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l11.fusion import (
    Rankings,
    always_60,
    best_place,
    first_only,
    from_zero,
    in_all,
    interleaved,
    k_unused,
    last_only,
    mean_place,
    mean_score,
    right_scores,
    ties_as_met,
    ties_backwards,
    worst_first,
)


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


PROOF = Proof(
    task="11.4",
    right=[_with_pandas, _with_sets],
    wrong=[
        Wrong(first_only, "one behind the other", silent=True),
        Wrong(interleaved, "take turns", silent=True),
        Wrong(in_all, "products of all rankings", silent=True),
        Wrong(k_unused, "k is not used", silent=True),
        Wrong(always_60, "k is always 60", silent=True),
        Wrong(mean_place, "by the mean place", silent=True),
        Wrong(best_place, "only a product's best place", silent=True),
        Wrong(mean_score, "you average", silent=True),
        Wrong(worst_first, "the worst comes first", silent=True),
        Wrong(ties_as_met, "as they were met", silent=True),
        Wrong(ties_backwards, "with the last id first", silent=True),
        Wrong(from_zero, "places count from 0", silent=True),
        Wrong(last_only, "overwrites an earlier one", silent=True),
        Wrong(lambda rankings, k: dict(right_scores(rankings, k)), "must be a list, got dict"),
    ],
)
