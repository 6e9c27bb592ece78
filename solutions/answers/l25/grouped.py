"""Task 25.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong, silent
from course_utils.exercises.l25.grouped import MISTAKES, as_numbers, by, right_gauc


def _with_loops(group: Any, label: Any, score: Any) -> Any:
    rows = defaultdict(list)
    for g, y, s in zip(group, label, score, strict=True):
        rows[g].append((y, s))
    above, below = 0.0, 0
    for one in rows.values():
        good, bad = ([s for y, s in one if y == wanted] for wanted in (1, 0))
        if good and bad:
            wins = sum((a > b) + 0.5 * (a == b) for a in good for b in bad)
            above += len(one) * wins / (len(good) * len(bad))
            below += len(one)
    return above / below if below else None


def _with_ranks(group: Any, label: Any, score: Any) -> Any:
    group, label, score = (np.array(one) for one in (group, label, score))
    total = rows = 0.0
    for name in np.unique(group):
        y, ranks = label[group == name], rankdata(score[group == name])
        n, n_1 = len(y), y.sum()
        if 0 < n_1 < n:
            total += n * (ranks[y == 1].sum() - n_1 * (n_1 + 1) / 2) / (n_1 * (n - n_1))
            rows += n
    return total / rows if rows else None


def _with_scikit(group: Any, label: Any, score: Any) -> Any:
    table = pd.DataFrame({"g": group, "y": label, "s": score})
    table = table[table.groupby("g")["y"].transform("nunique") == 2]
    if table.empty:
        return None
    parts = [(len(one), roc_auc_score(one["y"], one["s"])) for _, one in table.groupby("g")]
    return sum(n * a for n, a in parts) / sum(n for n, _ in parts)


def _ordinal(group: Any, label: Any, score: Any) -> Any:
    """Ties get ranks in the order in which they came."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(len(score))
    return right_gauc(group, label, ranks.tolist())


def _rounded(*case: Any) -> Any:
    value = right_gauc(*case)
    return None if value is None else round(value, 3)


PROOF = Proof(
    task="25.4",
    right=[_with_loops, _with_ranks, _with_scikit],
    wrong=[
        *silent(MISTAKES),
        Wrong(by(key=lambda name: name[:2]), "by their first letters only", silent=True),
        Wrong(_ordinal, "must be 0.4500, got", silent=True),
        Wrong(
            lambda g, y, s: as_numbers(g, y, s) if "07" in g else right_gauc(g, y, s),
            "'07'",
            silent=True,
        ),
        Wrong(lambda g, y, s: right_gauc(g, y, s) or 0.5, "must be None", silent=True),
        Wrong(_rounded, "rounded to 3", silent=True),
        Wrong(lambda g, y, s: right_gauc(g, y, np.round(s, 6).tolist()), "2e-09", silent=True),
        Wrong(lambda g, y, s: right_gauc(g, y, s) or None, "an AUC of 0 is a number", silent=True),
        Wrong(lambda g, y, s: [right_gauc(g, y, s)] * 2, "must be one number"),
        Wrong(lambda g, y, s: None, "got None"),
    ],
)
