"""Task 15.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l15.swaps import MISTAKES, Rows, right_swaps


def _counted(rows: Rows) -> Any:
    clicks = Counter((upper, position) for upper, position, click in rows if click)
    found, k = [Fraction(1)], 1
    while clicks[k, k]:
        found.append(found[-1] * Fraction(clicks[k, k + 1], clicks[k, k]))
        k += 1
    return found


def _with_pandas(rows: Rows) -> Any:
    frame = pd.DataFrame(rows, columns=["upper", "position", "click"]).astype(int)
    table = frame.groupby(["upper", "position"])["click"].sum()
    ratios = []
    for k in range(1, int(frame["upper"].max()) + 1 if len(frame) else 1):
        if table.get((k, k), 0) == 0:
            break
        ratios.append(table.get((k, k + 1), 0) / table.get((k, k)))
    return np.cumprod([1.0, *ratios])


def _stops_at_zero(rows: Rows) -> Any:
    """It stops where a probability is 0, which is known."""
    found = right_swaps(rows)
    return found[: found.index(0.0)] if 0.0 in found else found


def _skips(rows: Rows) -> Any:
    """A pair without a click above is left out, and the chain goes on."""
    found = [1.0]
    for k in sorted({row[0] for row in rows}):
        above = sum(c for u, p, c in rows if u == k and p == k)
        if above:
            found.append(found[-1] * sum(c for u, p, c in rows if u == k == p - 1) / above)
    return found


PROOF = Proof(
    task="15.1",
    right=[_counted, _with_pandas, right_swaps],
    wrong=[
        *silent(MISTAKES),
        Wrong(_stops_at_zero, "must be [1.0, 0.5, 0.25, 0.0], got [1.0, 0.5, 0.25]", silent=True),
        Wrong(_skips, "must be [1.0], got", silent=True),
        Wrong(lambda rows: [round(p, 4) for p in right_swaps(rows)], "rounded", silent=True),
        Wrong(lambda rows: dict(enumerate(right_swaps(rows), 1)), "must be a list"),
    ],
)
