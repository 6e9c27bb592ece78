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


def _estimated(file: str) -> Any:
    """DuckDB's count by a sketch: near, and right for few customers."""
    rows = duckdb.execute(
        "SELECT scenario, approx_count_distinct(user_id), "
        "approx_count_distinct(user_id) FILTER (click = 1), "
        "approx_count_distinct(user_id) FILTER (cart = 1), "
        "approx_count_distinct(user_id) FILTER (purchase = 1) "
        "FROM read_parquet($f) GROUP BY scenario",
        {"f": file},
    ).fetchall()
    return {scenario: counts for scenario, *counts in rows}


def _in_the_query(file: str) -> Any:
    """The path stands between apostrophes."""
    rows = duckdb.execute(
        "SELECT scenario, count(DISTINCT user_id), count(DISTINCT user_id) FILTER (click = 1), "
        "count(DISTINCT user_id) FILTER (cart = 1), count(DISTINCT user_id) FILTER (purchase = 1) "
        f"FROM '{file}' GROUP BY scenario"
    ).fetchall()
    return {scenario: counts for scenario, *counts in rows}


def _joined_and_split(file: str) -> Any:
    rows = pd.read_parquet(file)[COLUMNS].itertuples(index=False, name=None)
    keyed = [(f"{scenario}_{user}", *steps) for scenario, user, *steps in rows]
    return right_funnel([(*key.split("_")[:2], *steps) for key, *steps in keyed])


def _in_bytes(rows: list[Shown]) -> Any:
    return {name: np.array(counts).astype(np.uint8) for name, counts in right_funnel(rows).items()}


def _joined_keys(rows: list[Shown]) -> Any:
    """Customers told apart by scenario and id in one string: "s" + "h7" is "sh" + "7"."""
    marks: dict[str, tuple[str, list[int]]] = {}
    for scenario, user, *steps in rows:
        _, done = marks.setdefault(scenario + user, (scenario, [0, 0, 0]))
        done[:] = np.maximum(done, steps).tolist()
    counts = {scenario: np.zeros(4, int) for scenario, *_ in rows}
    for scenario, done in marks.values():
        counts[scenario] += [1, *done]
    return counts


def _one_file() -> Callable[[str], Any]:
    """The first file is read once and for all."""
    kept: list[Shown] = []

    def run(rows: list[Shown]) -> Any:
        if not kept:
            kept.extend(rows)
        return right_funnel(kept)

    return _from_file(run)


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
        Wrong(_in_the_query, "A path may hold an apostrophe"),
        Wrong(
            _from_file(
                lambda rows: right_funnel([(one[0], one[1].strip(), *one[2:]) for one in rows])
            ),
            "the customers of 'NA'",
            silent=True,
        ),
        Wrong(_joined_and_split, "For a file of 12 rows", silent=True),
        Wrong(_estimated, "a file of 6000 rows the customers of 'cart'", silent=True),
        Wrong(
            _from_file(_in_bytes),
            "must be (1268, 913, 691, 442), got (244, 145, 179, 186)",
            silent=True,
        ),
        Wrong(_from_file(_joined_keys), "('sh', '7', 1, 1, 0)", silent=True),
        Wrong(_one_file(), "got {'home': (2, 1, 1, 0)}", silent=True),
    ],
)
