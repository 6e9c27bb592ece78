"""71.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l71.t3_forecasts import right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="71.3",
    right=[_numpy, _loop],
    wrong=[
        Wrong(
            right.edit({"return None, None": "return np.nan, np.nan"}),
            "nothing is decided: a score must be None, got nan",
        ),
        Wrong(right.in_place("forecasts.clear()"), "changes `forecasts`", silent=True),
        Wrong(right.returning("result[0]"), "(score, rival, still_open)"),
        Wrong(right.returning("(*result[:2], len(forecasts))"), "a list of names, got int 3."),
        Wrong(right.returning("(*result[:2], [1])"), "got list [1]"),
    ],
)
