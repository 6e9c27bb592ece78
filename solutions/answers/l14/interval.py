"""Task 14.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l14.interval import INTERVAL_MISTAKES, right_interval


def _interval_residuals(users: list[str], clicks: list[int]) -> Any:
    residuals = pd.Series(clicks, dtype=float) - np.mean(clicks)
    sums = residuals.groupby(pd.Series(users)).sum()
    if len(sums) == 1:
        raise ValueError
    error = np.sqrt(len(sums)) * sums.std() / len(users)
    return np.array([np.mean(clicks) - 1.96 * error, np.mean(clicks) + 1.96 * error])


def _interval_query(users: list[str], clicks: list[int]) -> Any:
    log = pd.DataFrame({"u": users, "k": clicks})
    query = """
        WITH t AS (SELECT count(*) AS n, sum(k) AS c FROM log GROUP BY u),
        r AS (SELECT sum(c) / sum(n) AS rate FROM t)
        SELECT count(*), sum(n), any_value(rate), sum((c - rate * n) ** 2) FROM t, r"""
    count, total, rate, spread = duckdb.connect().register("log", log).execute(query).fetchall()[0]
    if count == 1:
        raise ValueError
    error = float(count / (count - 1) * spread) ** 0.5 / float(total)
    return [rate - 1.96 * error, rate + 1.96 * error]


def _nothing_for_one(users: list[str], clicks: list[int]) -> Any:
    return right_interval(users, clicks) if len(set(users)) > 1 else (0.0, 1.0)


PROOF = Proof(
    task="14.4",
    right=[_interval_residuals, _interval_query, right_interval],
    wrong=[
        *silent(INTERVAL_MISTAKES),
        Wrong(_nothing_for_one, "one customer and must raise ValueError", silent=True),
    ],
)
