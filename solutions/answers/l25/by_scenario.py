"""Task 25.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l25.by_scenario_slips import MISTAKES, right_calibration


def _with_loops(scenario: Any, y: Any, p: Any) -> Any:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for name, label, chance in zip(scenario, y, p, strict=True):
        for at, one in enumerate((chance, label, chance * (1 - chance))):
            sums[name][at] += one
    found = {}
    for name, (predicted, actual, variance) in sums.items():
        word = "not shown"
        if (predicted - actual) ** 2 > 1.96**2 * variance:
            word = "too high" if predicted > actual else "too low"
        found[name] = [predicted / actual if actual > 0 else None, word]
    return found


def _with_pandas(scenario: Any, y: Any, p: Any) -> Any:
    table = pd.DataFrame({"s": scenario, "y": y, "p": np.array(p, float)})
    sums = table.assign(v=table["p"] * (1 - table["p"])).groupby("s")[["y", "p", "v"]].sum()
    z = (sums["p"] - sums["y"]) / sums["v"] ** 0.5
    words = np.select([z > 1.96, z < -1.96], ["too high", "too low"], "not shown")
    ratios = [None if b == 0 else a / b for a, b in zip(sums["p"], sums["y"], strict=True)]
    return dict(zip(sums.index, zip(ratios, words, strict=True), strict=True))


def _with_masks(scenario: Any, y: Any, p: Any) -> Any:
    scenario, y, p = np.array(scenario), np.array(y), np.array(p)
    found = {}
    for name in np.unique(scenario):
        at = scenario == name
        gap, error = p[at].sum() - y[at].sum(), np.sqrt(p[at] @ (1 - p[at]))
        word = ("too low", "not shown", "too high")[
            1 + int(np.sign(gap)) * (abs(gap) > 1.96 * error)
        ]
        found[str(name)] = (p[at].sum() / y[at].sum() if y[at].any() else None, word)
    return found


def _infinite(*case: Any) -> Any:
    return {
        name: (np.inf if ratio is None else ratio, word)
        for name, (ratio, word) in right_calibration(*case).items()
    }


def _rounded(*case: Any) -> Any:
    return {
        name: (None if ratio is None else round(ratio, 2), word)
        for name, (ratio, word) in right_calibration(*case).items()
    }


def _silent_if_few(scenario: Any, y: Any, p: Any) -> Any:
    return {
        name: (ratio, word if list(scenario).count(name) >= 5 else "not shown")
        for name, (ratio, word) in right_calibration(scenario, y, p).items()
    }


def _left_out(*case: Any) -> Any:
    return {name: one for name, one in right_calibration(*case).items() if one[0] is not None}


PROOF = Proof(
    task="25.3",
    right=[_with_loops, _with_pandas, _with_masks],
    wrong=[
        *silent(MISTAKES),
        Wrong(_infinite, "its ratio must be None, got inf", silent=True),
        Wrong(_rounded, "got 0.8100", silent=True),
        Wrong(_silent_if_few, "the verdict of 'home' must be 'too low'", silent=True),
        Wrong(
            lambda s, y, p: right_calibration([one.strip().lower() for one in s], y, p),
            "must have the scenarios ['In', 'in', 'in ']",
            silent=True,
        ),
        Wrong(_left_out, "must have the scenarios ['x', 'y']", silent=True),
        Wrong(
            lambda *case: {k: v[0] for k, v in right_calibration(*case).items()},
            "must have (ratio, verdict)",
        ),
        Wrong(
            lambda *case: {
                k: (v[0], v[1] == "not shown") for k, v in right_calibration(*case).items()
            },
            "the verdict of 'a' must be 'not shown', got 'True'",
        ),
        Wrong(lambda *case: list(right_calibration(*case).items()), "must be a dictionary"),
        Wrong(lambda *case: None, "must be a dictionary, got None"),
    ],
)
