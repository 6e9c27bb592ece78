"""Task 14.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l14.funnel import COLUMNS, FUNNEL_MISTAKES, Shown, right_funnel


def _from_file(change: Callable[[list[Shown]], Any]) -> Callable[[str], Any]:
    """An answer that reads the file and hands its rows on."""

    def read(file: str) -> Any:
        return change(list(pd.read_parquet(file)[COLUMNS].itertuples(index=False, name=None)))

    return read


def _funnel_pandas(file: str) -> Any:
    frame = pd.read_parquet(file)
    return {
        scenario: [one["user_id"].nunique()]
        + [one.loc[one[step] == 1, "user_id"].nunique() for step in COLUMNS[2:]]
        for scenario, one in frame.groupby("scenario")
    }


def _funnel_per_user(file: str) -> Any:
    rows = duckdb.execute(
        "SELECT scenario, count(*), sum(a), sum(b), sum(c) FROM (SELECT scenario, user_id, "
        "max(click) AS a, max(cart) AS b, max(purchase) AS c FROM read_parquet($f) GROUP BY ALL) "
        "GROUP BY scenario",
        {"f": file},
    ).fetchall()
    return {row[0]: np.array(row[1:], dtype=float) for row in rows}


PROOF = Proof(
    task="14.1",
    right=[_funnel_pandas, _funnel_per_user, _from_file(right_funnel)],
    wrong=[
        *silent({name: _from_file(answer) for name, answer in FUNNEL_MISTAKES.items()}),
        Wrong(
            _from_file(lambda rows: list(right_funnel(rows).values())), "must be a dictionary, s"
        ),
        Wrong(
            _from_file(
                lambda rows: {k: (v[0], v[1] / v[0], 0, 0) for k, v in right_funnel(rows).items()}
            ),
            "must be whole numbers",
        ),
        Wrong(_from_file(lambda rows: None), "forget a return"),
    ],
)
