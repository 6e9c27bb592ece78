"""Task 71.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l71.forecasts import MISTAKES, right_scored


def _numpy(forecasts: Any, outcomes: Any, base: float) -> Any:
    names = list(forecasts)
    y = np.array([np.nan if outcomes.get(n) is None else float(outcomes[n]) for n in names])
    p, done = np.array([forecasts[n] for n in names]), ~np.isnan(y)
    still = [name for name, one in zip(names, done, strict=True) if not one]
    if not done.any():
        return None, None, still
    return np.mean((p - y)[done] ** 2), np.mean((base - y[done]) ** 2), still


def _loop(forecasts: Any, outcomes: Any, base: float) -> Any:
    mine, rival, done, still = 0.0, 0.0, 0, []
    for name, p in forecasts.items():
        happened = dict(outcomes).pop(name, None)
        if happened is None:
            still.append(name)
            continue
        done += 1
        mine += (1 - p) ** 2 if happened else p**2
        rival += (1 - base) ** 2 if happened else base**2
    return (mine / done, rival / done, still) if done else (None, None, still)


def _pops(forecasts: Any, outcomes: Any, base: float) -> Any:
    found = right_scored(forecasts, outcomes, base)
    forecasts.clear()
    return found


def _mean_of_nothing(forecasts: Any, outcomes: Any, base: float) -> Any:
    mine, rival, still = right_scored(forecasts, outcomes, base)
    return (np.nan, np.nan, still) if mine is None else (mine, rival, still)


PROOF = Proof(
    task="71.3",
    right=[_numpy, _loop, right_scored],
    wrong=[
        *silent(MISTAKES),
        Wrong(_mean_of_nothing, "nothing is decided: a score must be None, got nan"),
        Wrong(_pops, "changes `forecasts`", silent=True),
        Wrong(lambda *case: right_scored(*case)[0], "(score, rival, still_open)"),
        Wrong(
            lambda *case: (*right_scored(*case)[:2], len(case[0])), "a list of names, got int 3."
        ),
        Wrong(lambda *case: (*right_scored(*case)[:2], [1]), "got list [1]"),
    ],
)
