"""Task 53.14: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.calibration import MISTAKES, by, right_calibration


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


def _divides_by_width(y: Any, p: Any, bins: int) -> Any:
    return by(lambda p, bins: np.minimum((p // (1 / bins)).astype(int), bins - 1))(y, p, bins)


PROOF = Proof(
    task="53.14",
    right=[_with_pandas, _loop],
    wrong=[
        *silent(MISTAKES),
        Wrong(
            _divides_by_width, "must be 0.4750, got 0.2250. It looks as if p is comp", silent=True
        ),
        Wrong(_rounded, "rounded to 4 decimals", silent=True),
        Wrong(_in_place, "your function changes `p`", silent=True),
        Wrong(lambda *case: right_calibration(*case)[0], "must be 2 results, the error, the ratio"),
        Wrong(
            lambda *case: tuple(np.nan if one is None else one for one in right_calibration(*case)),
            "the ratio must be None, got nan",
        ),
        Wrong(
            lambda y, p, bins: right_calibration(y, p, bins) if len(y) else (np.nan, None),
            "must be (None, None), got (nan, None)",
        ),
    ],
)
