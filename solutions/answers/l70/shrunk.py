"""Task 70.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.shrunk import MISTAKES, right_shrunk


def _with_pandas(scenario: Any, y: Any, p: Any, k: Any) -> Any:
    table = pd.DataFrame({"scenario": scenario, "y": y, "p": p})
    sums = table.groupby("scenario")[["y", "p"]].sum()
    r = sums["y"].sum() / sums["p"].sum()
    return ((sums["y"] + k * r) / (sums["p"] + k)).to_dict()


def _as_a_mean(scenario: Any, y: Any, p: Any, k: Any) -> Any:
    """The same as a weighted mean of the scenario's own factor and that of all."""
    s, y, p = np.array(scenario), np.array(y), np.array(p)
    every, found = y.sum() / p.sum(), {}
    for name in set(scenario):
        own = p[s == name].sum()
        weight = own / (own + k)
        found[name] = weight * y[s == name].sum() / own + (1 - weight) * every
    return found


def _with_loops(scenario: Any, y: Any, p: Any, k: Any) -> Any:
    actual: dict[str, float] = defaultdict(float)
    said: dict[str, float] = defaultdict(float)
    for name, label, chance in zip(scenario, y, p, strict=True):
        actual[name] += label
        said[name] += chance
    r = sum(actual.values()) / sum(said.values())
    return {name: (actual[name] + k * r) / (said[name] + k) for name in said}


def _rounded(*case: Any) -> Any:
    return {name: round(one, 4) for name, one in right_shrunk(*case).items()}


def _stripped(scenario: Any, y: Any, p: Any, k: Any) -> Any:
    return right_shrunk([one.strip().lower() for one in scenario], y, p, k)


def _capped(*case: Any) -> Any:
    return {name: min(max(one, 0.5), 2.0) for name, one in right_shrunk(*case).items()}


PROOF = Proof(
    task="70.2",
    right=[_with_pandas, _as_a_mean, _with_loops],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "You rounded to 4 decimals", silent=True),
        Wrong(_stripped, "must have the scenarios ['In', 'in', 'in ']", silent=True),
        Wrong(_capped, "got 0.5", silent=True),
        Wrong(lambda *case: list(right_shrunk(*case).values()), "a dictionary, got list"),
        Wrong(lambda *case: None, "must be a dictionary, got None"),
    ],
)
