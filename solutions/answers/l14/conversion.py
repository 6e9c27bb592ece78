"""Task 14.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l14.conversion import CONVERSION_MISTAKES, NAN, conversion


def _on_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """An answer that takes the frame apart."""

    def run(clicks: pd.DataFrame, now: float, window: float) -> Any:
        return function(list(clicks.itertuples(index=False, name=None)), now, window)

    return run


def _conversion_query(clicks: pd.DataFrame, now: float, window: float) -> Any:
    return duckdb.execute(
        "SELECT avg(CASE WHEN coalesce(hours_to_purchase, 999) <= $w THEN 1 ELSE 0 END) "
        "FROM clicks WHERE timestamp <= $n - 3600 * $w",
        {"w": window, "n": now},
    ).fetchall()[0][0]


def _conversion_numpy(clicks: pd.DataFrame, now: float, window: float) -> Any:
    age = (now - clicks["timestamp"].to_numpy()) / 3600
    bought = clicks["hours_to_purchase"].fillna(np.inf).to_numpy() <= window
    return np.mean(bought[age >= window]) if (age >= window).any() else None


def _zero_for_none(rows: Any, now: float, window: float) -> float:
    return conversion(rows, now, window) or 0.0


def _searched(rows: Any, now: float, window: float) -> float | None:
    """Cut off by a binary search, as if the times were sorted."""
    old = rows[: np.searchsorted([at for at, _ in rows], now - 3600 * window, side="right")]
    return float(np.mean([hours <= window for _, hours in old])) if old else None


def _in_32_bits(clicks: pd.DataFrame, now: float, window: float) -> Any:
    age = np.float32(now) - clicks["timestamp"].to_numpy(np.float32)
    old = clicks[age >= np.float32(3600 * window)]
    return (old["hours_to_purchase"] <= window).mean() if len(old) else None


def _rounded(rows: Any, now: float, window: float) -> float | None:
    share = conversion(rows, now, window)
    return None if share is None else round(share, 6)


def _divides_always(rows: Any, now: float, window: float) -> float:
    old = [hours <= window for at, hours in rows if now - at >= 3600 * window]
    return sum(old) / len(old)


PROOF = Proof(
    task="14.2",
    right=[_conversion_query, _conversion_numpy, _on_rows(conversion)],
    wrong=[
        *silent({name: _on_rows(answer) for name, answer in CONVERSION_MISTAKES.items()}),
        Wrong(_on_rows(_zero_for_none), "expected None, got 0.", silent=True),
        Wrong(
            _on_rows(lambda *case: NAN if conversion(*case) is None else conversion(*case)),
            "expected None, got nan.",
        ),
        Wrong(
            lambda clicks, now, window: _conversion_numpy(clicks.drop_duplicates(), now, window),
            "expected 0.2500, got",
            silent=True,
        ),
        Wrong(
            _on_rows(_rounded),
            "expected 0.0333333, got 0.0333330",
            silent=True,
        ),
        Wrong(_on_rows(_searched), "With clicks at [7000, 100,", silent=True),
        Wrong(_in_32_bits, "With clicks at [1735689600,", silent=True),
        Wrong(_on_rows(_divides_always), "ZeroDivisionError", status="error"),
        Wrong(lambda clicks, now, window: None, "Did you forget a return?"),
        Wrong(
            _on_rows(
                lambda rows, now, window: conversion(rows, now, window) if window > 1 else None
            ),
            "expected 0.5000, got None. Of these clicks 2 are old enough.",
            silent=True,
        ),
    ],
)
