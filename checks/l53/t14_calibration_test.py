"""53.14: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.l53.t14_calibration import BIN, right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="53.14",
    right=[_with_pandas, _loop],
    wrong=[
        Wrong(
            right.edit({BIN: "np.minimum((p // (1 / bins)).astype(int), bins - 1)"}),
            "must be 0.4750, got 0.2250. It looks as if p is comp",
            silent=True,
        ),
        Wrong(right.in_place("p.sort()"), "your function changes `p`", silent=True),
        Wrong(right.returning("result[0]"), "must be 2 results, the error, the ratio"),
        Wrong(
            right.returning("tuple(np.nan if one is None else one for one in result)"),
            "the ratio must be None, got nan",
        ),
        Wrong(
            right.returning("result if len(y) else (np.nan, None)"),
            "must be (None, None), got (nan, None)",
        ),
    ],
)
