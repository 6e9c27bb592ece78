"""Task "53.1 check": the learner's own test of AUC and GAUC."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.l53.auc import MISTAKES, Pair, by, right_auc_gauc, runs


def _by_ranks(user: Any, label: Any, score: Any) -> list[Any]:
    """A list in place of a pair, and NumPy's numbers."""
    table = pd.DataFrame({"user": list(user), "y": list(label), "s": list(score)})

    def auc(rows: pd.DataFrame) -> Any:
        p, n = (rows["y"] == 1).sum(), (rows["y"] == 0).sum()
        ranks = rows["s"].rank()[rows["y"] == 1].sum()
        return np.float64((ranks - p * (p + 1) / 2) / (p * n)) if p and n else None

    parts = [(len(one), auc(one)) for _, one in table.groupby("user")]
    parts = [one for one in parts if one[1] is not None]
    inside = sum(n * a for n, a in parts) / sum(n for n, _ in parts) if parts else None
    return [auc(table) if len(table) else None, inside]


def _last_digits(user: Any, label: Any, score: Any) -> Any:
    found = right_auc_gauc(user, label, score)
    return tuple(None if one is None else one * (1 - 1e-12) for one in found)


def _fails_on_nothing(user: Any, label: Any, score: Any) -> Pair:
    positives = sum(int(one) for one in label)
    if not positives * (len(label) - positives):
        raise ZeroDivisionError("division by zero")  # as the rank formula divides
    return right_auc_gauc(user, label, score)


def _sorts_in_place(user: Any, label: Any, score: Any) -> Pair:
    found = right_auc_gauc(user, label, score)
    score.sort()
    return found


def _positives_below(user: Any, label: Any, score: Any) -> Pair:
    """Users of one label stay in the weights."""
    whole, inside = right_auc_gauc(user, label, score)
    seen: dict[Any, set[int]] = {}
    for one, y in zip(user, label, strict=True):
        seen.setdefault(one, set()).add(int(y))
    kept = sum(len(seen[one]) == 2 for one in user)
    return whole, None if inside is None else inside * kept / len(user)


def _gauc_twice(user: Any, label: Any, score: Any) -> Pair:
    return (right_auc_gauc(user, label, score)[1],) * 2


def _half_without_a_pair(user: Any, label: Any, score: Any) -> Pair:
    whole, inside = right_auc_gauc(user, label, score)
    return 0.5 if whole is None else whole, inside


def _half_without_a_user(user: Any, label: Any, score: Any) -> Pair:
    whole, inside = right_auc_gauc(user, label, score)
    return whole, 0.5 if inside is None else inside


RIGHT: Answers = {
    "counts all pairs": right_auc_gauc,
    "returns a list of NumPy numbers": _by_ranks,
    "differs in the last digits": _last_digits,
}
WRONG: Answers = {
    "ignores ties": by(tie=0.0),
    "averages the users without weights": by(weight=lambda y: 1.0),
    "counts a user with one label as .5": by(single=0.5),
    "divides by the rows of users that it left out": _positives_below,
    "takes rows that stand apart for two users": by(keys=runs),
    "gives the AUC of all rows for the GAUC": MISTAKES["the AUC of all rows stands twice"],
    "gives the GAUC for the AUC of all rows": _gauc_twice,
    "returns .5 for the AUC where there is no pair": _half_without_a_pair,
    "returns .5 for the GAUC where no user is left": _half_without_a_user,
    "fails where there is no pair": _fails_on_nothing,
    "changes its arguments": _sorts_in_place,
}

TASK = grading(
    "53.1",
    RIGHT,
    WRONG,
    hints=(
        "List what the contract says, one input for each: ties, a user with one label, users of "
        "unequal size, rows in any order, no pair, no rows, arguments that stay.",
        "Small inputs whose result you know by hand; compare numbers by abs(a - b) < 1e-6, and "
        "None "
        "by `is None`. Unpack the pair: a list is as good.",
        "A second way is a brute force in your check: count all pairs. Draw users and scores "
        "from few "
        "values with a seed, so that ties and single labels come by themselves.",
    ),
    insight="Ties, single labels and unequal sizes: scores drawn from few values give all three at "
    "once.",
)
