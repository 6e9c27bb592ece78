"""Task 14.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l14.holes import HOLES_MISTAKES, right_holes


def _holes_pandas(counts: list[int]) -> Any:
    days = pd.Series(counts, dtype=float)
    return days.index[days < days.groupby(np.arange(len(days)) % 7).transform("median") / 2]


def _holes_table(counts: list[int]) -> Any:
    weeks = -(-len(counts) // 7)
    table = np.full((weeks, 7), np.nan)
    table.ravel()[: len(counts)] = counts
    if not weeks:
        return []
    middle = [np.nanmedian(day) if (~np.isnan(day)).any() else 0.0 for day in table.T]
    return np.flatnonzero((table < np.array(middle) / 2).ravel()).tolist()


def _holes_query(counts: list[int]) -> Any:
    log = pd.DataFrame({"day": range(len(counts)), "n": np.array(counts, dtype="int64")})
    query = """
        WITH m AS (SELECT *, median(n) OVER (PARTITION BY day % 7) AS middle FROM log)
        SELECT day FROM m WHERE n < middle / 2 ORDER BY day"""
    rows = duckdb.connect().register("log", log).execute(query).fetchall()
    return [day for (day,) in rows]


def _holes_loop(counts: list[int]) -> Any:
    """A list of NumPy's own whole numbers."""
    found = []
    for day in np.arange(len(counts)):
        same = sorted(counts[day % 7 :: 7])
        middle = (same[len(same) // 2] + same[(len(same) - 1) // 2]) / 2
        if counts[day] < middle / 2:
            found.append(day)
    return found


def _in_16_bits(counts: list[int]) -> Any:
    days = np.array(counts, dtype=np.int64).astype(np.int16)
    return [at for at in range(len(days)) if days[at] < np.median(days[at % 7 :: 7]) / 2]


PROOF = Proof(
    task="14.4",
    right=[_holes_pandas, _holes_table, _holes_query, _holes_loop, right_holes],
    wrong=[
        *silent(HOLES_MISTAKES),
        Wrong(_in_16_bits, "holes([70000,", silent=True),
        Wrong(
            lambda counts: right_holes(counts)[::-1], "must be [26, 27], got [27, 26]", silent=True
        ),
        Wrong(lambda counts: None, "forget a return"),
        Wrong(
            lambda counts: right_holes(counts) if min(counts) >= 0 else [],
            "ValueError",
            status="error",
        ),
    ],
)
