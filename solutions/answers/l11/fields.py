"""Task 11.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l11.fields import MISTAKES, right_term


def _with_arrays(
    tf: Any, length: Any, mean_length: Any, weight: Any, b: Any, idf: Any, k1: Any
) -> Any:
    count, norm = (
        np.array(tf, float),
        1 - np.array(b) + np.array(b) * length / np.array(mean_length),
    )
    pooled = np.divide(weight * count, norm, out=np.zeros(len(count)), where=count > 0).sum()
    return idf * pooled / (k1 + pooled)


def _with_pandas(*case: Any) -> Any:
    names = ["tf", "length", "mean", "weight", "b"]
    table = pd.DataFrame(dict(zip(names, case[:5], strict=True))).query("tf > 0")
    idf, k1 = case[5:]
    adds = table.weight * table.tf / (1 + table.b * (table.length / table["mean"] - 1))
    pooled = adds.sum()
    return idf * (1 - k1 / (k1 + pooled))


def _nan_where_empty(
    tf: Any, length: Any, mean_length: Any, weight: Any, b: Any, idf: Any, k1: Any
) -> Any:
    with np.errstate(all="ignore"):
        norm = 1 - np.array(b) + np.array(b) * length / np.array(mean_length)
        pooled = (np.array(weight) * tf / norm).sum()
        return idf * pooled / (k1 + pooled)


def _rounded_counts(tf: Any, *rest: Any) -> float:
    with np.errstate(over="ignore"):
        return right_term(np.array(tf).astype(np.uint8).tolist(), *rest)


def _in_place(tf: Any, *rest: Any) -> float:
    for at in range(len(tf)):
        tf[at] = float(tf[at])
    tf.append(0)
    return right_term(tf[:-1], *rest)


PROOF = Proof(
    task="11.5",
    right=[_with_arrays, _with_pandas],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: round(right_term(*case), 6), "to 6 decimals", silent=True),
        Wrong(_nan_where_empty, "must be a finite number, got nan"),
        Wrong(_rounded_counts, "[300, 1]", silent=True),
        Wrong(_in_place, "your function changes `tf`", silent=True),
        Wrong(lambda *case: [right_term(*case)] * 2, "must be one number"),
    ],
)
