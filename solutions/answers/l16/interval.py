"""Task 16.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l16.interval import INTERVAL_MISTAKES, right_interval


def _interval_residuals(users: list[str], clicks: list[int]) -> Any:
    residuals = pd.Series(clicks, dtype=float) - np.mean(clicks)
    sums = residuals.groupby(pd.Series(users)).sum()
    if len(sums) < 2:
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
    if count < 2:
        raise ValueError
    error = float(count / (count - 1) * spread) ** 0.5 / float(total)
    return [rate - 1.96 * error, rate + 1.96 * error]


def _nothing_for_one(users: list[str], clicks: list[int]) -> Any:
    return right_interval(users, clicks) if len(set(users)) > 1 else (0.0, 1.0)


def _empty_is_zero(users: list[str], clicks: list[int]) -> Any:
    return right_interval(users, clicks) if users else (0.0, 0.0)


def _empty_divides(users: list[str], clicks: list[int]) -> Any:
    np.divide(sum(clicks), len(users)) if users else 1 / 0
    return right_interval(users, clicks)


def _lower_case(users: list[str], clicks: list[int]) -> Any:
    return right_interval([one.strip().lower() for one in users], clicks)


def _in_bytes(users: list[str], clicks: list[int]) -> Any:
    log = pd.DataFrame({"u": users, "k": clicks})
    tally = log.groupby("u")["k"].agg(["size", "sum"]).astype(np.uint8).astype(float)
    if len(tally) < 2:
        raise ValueError
    rate = tally["sum"].sum() / tally["size"].sum()
    away = tally["sum"] - rate * tally["size"]
    count, total = len(tally), tally["size"].sum()
    half = 1.96 * (count / (count - 1) * (away**2).sum()) ** 0.5 / total
    return rate - half, rate + half


def _no_click_no_interval(users: list[str], clicks: list[int]) -> Any:
    if not any(clicks):
        raise ValueError("nobody clicked")
    return right_interval(users, clicks)


PROOF = Proof(
    task="16.1",
    right=[_interval_residuals, _interval_query, right_interval],
    wrong=[
        *silent(INTERVAL_MISTAKES),
        Wrong(_nothing_for_one, "one customer and must raise ValueError", silent=True),
        Wrong(_empty_is_zero, "no customers and must raise ValueError; it returned", silent=True),
        Wrong(_empty_divides, "it raised ZeroDivisionError"),
        Wrong(_lower_case, "['a', 'A', 'a ', 'a', 'NA']", silent=True),
        Wrong(_in_bytes, "of 703 impressions of 3 customers", silent=True),
        Wrong(_no_click_no_interval, "nobody clicked", status="error"),
        Wrong(
            lambda users, clicks: np.round(right_interval(users, clicks), 6),
            "You rounded to 6 decimals",
            silent=True,
        ),
    ],
)
