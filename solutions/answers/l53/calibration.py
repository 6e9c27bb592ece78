"""Task 53.14: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.calibration import MISTAKES, right_calibration


def _with_pandas(y: Any, p: Any, bins: int) -> Any:
    if len(y) == 0:
        return [None, None]
    table = pd.DataFrame({"y": y.astype(float), "p": p})
    table["bin"] = np.floor(p * bins).clip(max=bins - 1)
    parts = table.groupby("bin").agg(y=("y", "mean"), p=("p", "mean"), n=("p", "size"))
    ratio = p.sum() / y.sum() if y.sum() else None
    return [((parts["p"] - parts["y"]).abs() * parts["n"]).sum() / len(y), ratio]


def _loop(y: Any, p: Any, bins: int) -> Any:
    gaps = [0.0] * bins
    for label, said in zip(y, p, strict=True):
        gaps[min(int(said * bins), bins - 1)] += said - int(label)
    clicks = sum(map(int, y))
    error = sum(map(abs, gaps)) / len(y) if len(y) else None
    return error, sum(p) / clicks if clicks else None


def _in_place(y: Any, p: Any, bins: int) -> Any:
    found = right_calibration(y, p, bins)
    p.sort()
    return found


def _rounded(*case: Any) -> Any:
    return tuple(None if one is None else round(one, 4) for one in right_calibration(*case))


def _short(y: Any, p: Any, bins: int) -> Any:
    """A sum of 8-bit labels in 8 bits."""
    error, ratio = right_calibration(y, p, bins)
    if y.dtype == np.int8:
        ratio = float(p.sum() / y.sum(dtype=np.int8))
    return error, ratio


PROOF = Proof(
    task="53.14",
    right=[_with_pandas, _loop],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "rounded to 4 decimals", silent=True),
        Wrong(_in_place, "your function changes `p`", silent=True),
        Wrong(_short, "dtype=np.int8", silent=True),
        Wrong(lambda *case: right_calibration(*case)[0], "must be 2 results, the error, the ratio"),
        Wrong(
            lambda *case: tuple(np.nan if one is None else one for one in right_calibration(*case)),
            "must be a finite number, got nan",
        ),
    ],
)
