"""Task 23.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.calibration import MISTAKES, right_error


def _by_sums(y: Any, p: Any, bins: int) -> Any:
    order = np.argsort(p)
    gaps = [abs(part.sum()) for part in np.array_split((p - y)[order], bins)]
    return sum(gaps) / len(p)


def _by_pandas(y: Any, p: Any, bins: int) -> float:
    n = len(p)
    sizes = [n // bins + (k < n % bins) for k in range(bins)]
    rows = pd.DataFrame({"y": y, "p": p}).sort_values("p", ignore_index=True)
    rows["bin"] = np.repeat(np.arange(bins), sizes)
    sums = rows.groupby("bin").sum()
    return float((sums["p"] - sums["y"]).abs().sum() / n)


def _by_edges(y: Any, p: Any, bins: int) -> float:
    """Bins between quantiles of p: where n does not divide, their sizes are others."""
    edges = np.quantile(p, np.linspace(0, 1, bins + 1))
    of = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, bins - 1)
    return float(np.abs(np.bincount(of, p - y, bins)).sum() / len(p))


PROOF = Proof(
    task="23.5",
    right=[_by_sums, _by_pandas],
    wrong=[
        *silent(MISTAKES),
        Wrong(_by_edges, says="must be 0.2700, got 0.1100", silent=True),
        Wrong(lambda *case: round(right_error(*case), 3), says="rounded to 3", silent=True),
        Wrong(lambda *case: None, says="Did you forget a return?"),
    ],
)
