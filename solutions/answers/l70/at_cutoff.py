"""Task 70.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.at_cutoff import MISTAKES, right_at_cutoff


def _with_a_loop(age: Any, delay: Any, p: Any, share: Any) -> Any:
    labels, weights = [], []
    for a, d, chance, f in zip(age, delay, p, share, strict=True):
        labels.append(int(d <= a))
        stays = 1 - chance * (1 - f) / (1 - chance * f)
        weights.append(1 / f if d <= a else stays)
    return labels, weights


def _with_pandas(age: Any, delay: Any, p: Any, share: Any) -> Any:
    t = pd.DataFrame({"age": age, "delay": delay, "p": p, "f": share}, dtype=float)
    known = ~(t["delay"] > t["age"])
    weight = ((1 - t["p"]) / (1 - t["p"] * t["f"])).mask(known, 1 / t["f"])
    return known.astype(float), weight


def _by_mask(age: Any, delay: Any, p: Any, share: Any) -> Any:
    known = delay <= age
    return known, known / share + (1 - known) * (1 - p) / (1 - p * share)


def _stacked(age: Any, delay: Any, p: Any, share: Any) -> Any:
    """Two rows of one array: (label, weight) as well."""
    known = age - delay >= 0
    return np.stack([known, np.where(known, 1 / share, 1 - p * (1 - share) / (1 - p * share))])


def _only_of_the_ones(*case: Any) -> Any:
    """The labels of the ones are told apart from a half."""
    label, weight = right_at_cutoff(*case)
    return label * 0.5, weight


def _rounded(*case: Any) -> Any:
    label, weight = right_at_cutoff(*case)
    return label, np.round(weight, 3)


def _normalised(*case: Any) -> Any:
    label, weight = right_at_cutoff(*case)
    return label, weight / weight.mean() if len(weight) else weight


def _changing(age: Any, delay: Any, p: Any, share: Any) -> Any:
    delay[delay > age] = np.inf
    return right_at_cutoff(age, delay, p, share)


PROOF = Proof(
    task="70.1",
    right=[_with_a_loop, _with_pandas, _by_mask, _stacked],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "You rounded to 3 decimals", silent=True),
        Wrong(_normalised, "got array([1.16883117, 0.83116883]).", silent=True),
        Wrong(_only_of_the_ones, "label must be [1, 0], got [0.5, 0].", silent=True),
        Wrong(_changing, "changes `delay`", silent=True),
        Wrong(lambda *case: right_at_cutoff(*case)[1], "must be a pair (label, weight)"),
        Wrong(lambda *case: None, "got None"),
    ],
)
