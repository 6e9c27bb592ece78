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


PROOF = Proof(
    task="14.2",
    right=[_conversion_query, _conversion_numpy, _on_rows(conversion)],
    wrong=[
        *silent({name: _on_rows(answer) for name, answer in CONVERSION_MISTAKES.items()}),
        Wrong(_on_rows(_zero_for_none), "expected None, got float 0.0", silent=True),
        Wrong(
            _on_rows(lambda *case: NAN if conversion(*case) is None else conversion(*case)),
            "expected None, got float nan",
        ),
    ],
)
