"""Task 14.1: a funnel of customers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten

Shown = tuple[str, str, int, int, int]
Funnel = dict[str, tuple[int, ...]]
COLUMNS = ["scenario", "user_id", "click", "cart", "purchase"]
STEPS = ("seen", "clicked", "carted", "bought")


def _draw_rows(seed: int, n: int, ids: Sequence[str]) -> list[Shown]:
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        click = int(draw.random() < 0.6)
        cart = click * int(draw.random() < 0.7)
        buy = cart * int(draw.random() < 0.6)
        scenario = ["home", "search", "cart"][draw.integers(3)]
        rows.append((scenario, ids[int(draw.integers(len(ids)))], click, cart, buy))
    return rows


_LOGS: list[list[Shown]] = [
    [("home", "7", 1, 0, 0), ("home", "7", 1, 1, 0), ("home", "8", 0, 0, 0)],
    [("home", "7", 1, 1, 1), ("home", "07", 1, 1, 1), ("home", "8", 1, 0, 0), ("s", "7", 0, 0, 0)],
    [("s", "a", 1, 1, 1), ("home", "a", 0, 0, 0), ("home", "b", 1, 1, 1), ("home", "b", 1, 1, 0)],
    _draw_rows(141, 24, ["7", "07", "8", "x1", "1001", "9"]),
    _draw_rows(142, 40, ["7", "07", "8", "x1", "1001", "9"]),
    [],
    [("home", "9", 1, 1, 1)],
    [("s", "h7", 1, 0, 0), ("sh", "7", 1, 1, 0), ("s", "NA", 1, 1, 1), ("s", "na", 0, 0, 0)],
    # Many customers: an estimated count, or one in 8 bits, is another number.
    _draw_rows(143, 6000, [f"c{one}" for one in range(2000)]),
    [("home", "7", 1, 0, 0)] * 256,
    [("home", "7", 1, 0, 0), ("home", "8", 0, 1, 0), ("s", "7", 0, 0, 1)],
    # Text as it is: capitals, blanks, wide digits, nothing, what looks missing, what joins.
    [("Home", "7", 1, 0, 0), ("home", "7", 1, 1, 0), ("home ", "7", 1, 0, 0), ("", "7", 1, 0, 0),
     ("NA", "7 ", 1, 0, 0), ("NA", "7", 1, 1, 0), ("NA", "７", 0, 0, 0)],
    [row for by in "_-|:, " for row in [(f"a{by}b", "c", 1, 0, 0), ("a", f"b{by}c", 1, 0, 0)]],
]  # fmt: skip


def right_funnel(rows: list[Shown]) -> Funnel:
    sets: dict[str, list[set[str]]] = {}
    for scenario, user, *steps in rows:
        here = sets.setdefault(scenario, [set(), set(), set(), set()])
        for people, done in zip(here, [1, *steps], strict=True):
            if done:
                people.add(user)
    return {scenario: tuple(len(people) for people in here) for scenario, here in sets.items()}


def check_funnel(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        number = count()

        def ask(rows: list[Shown]) -> Any:
            file = str(Path(folder) / f"log{next(number)}_{len(rows)}_rows.parquet")
            return answer(_written(rows, file))

        compare(
            ask,
            [(one,) for one in _LOGS],
            right_funnel,
            lambda value, case: _as_funnel(value),
            lambda case: f"{_listed(case)} the result",
            FUNNEL_MISTAKES,
            lambda case, path: f"{_listed(case)} the customers of {path[0]!r} ({', '.join(STEPS)})",
        )

        file = _written(_LOGS[0], str(Path(folder) / "a customer's.parquet"))
        raised = answer.raised(file)
        if raised is not None:
            reject(
                f"A path may hold an apostrophe; for such a file your code raised "
                f"{type(raised).__name__}. Give the path as a parameter, {{'file': file}}, not in "
                "the text of the query."
            )


def _written(rows: list[Shown], file: str) -> str:
    kinds = dict.fromkeys(COLUMNS[:2], str) | dict.fromkeys(COLUMNS[2:], int)
    pd.DataFrame(rows, columns=COLUMNS).astype(kinds).to_parquet(file)
    return file


def _listed(case: Case) -> str:
    (rows,) = case
    return f"For the rows {rows}" if len(rows) < 8 else f"For a file of {len(rows)} rows"


def _as_funnel(value: Any) -> Funnel:
    refuse_none(value, "The result", "a dictionary")
    if not isinstance(value, dict):
        reject(f"The result must be a dictionary, scenario -> four counts, got {shorten(value)}.")
    funnel = {}
    for scenario, counts in value.items():
        numbers = as_array(counts, f"The counts of {scenario!r}", (4,))
        if (numbers != numbers.round()).any():
            reject(f"The counts of {scenario!r} must be whole numbers, got {numbers.tolist()}.")
        funnel[scenario] = tuple(int(one) for one in numbers)
    return funnel


def _funnel_of_rows(rows: list[Shown]) -> Funnel:
    return right_funnel([(one[0], str(at), *one[2:]) for at, one in enumerate(rows)])


def _seen_once(rows: list[Shown]) -> Funnel:
    by_row, by_user = _funnel_of_rows(rows), right_funnel(rows)
    return {name: (by_user[name][0], *by_row[name][1:]) for name in by_user}


def _else_zero(rows: list[Shown]) -> Funnel:
    counts = {}
    for name, right in right_funnel(rows).items():
        here = [one for one in rows if one[0] == name]
        zeros = [int(any(one[step] == 0 for one in here)) for step in (2, 3, 4)]
        counts[name] = (right[0], *(n + z for n, z in zip(right[1:], zeros, strict=True)))
    return counts


def _first_scenario(rows: list[Shown]) -> Funnel:
    home: dict[str, str] = {}
    for scenario, user, *_ in rows:
        home.setdefault(user, scenario)
    return right_funnel([one for one in rows if home[one[1]] == one[0]])


def _all_scenarios(rows: list[Shown]) -> Funnel:
    whole = right_funnel([("all", *one[1:]) for one in rows])
    return {name: (counts[0], *whole["all"][1:]) for name, counts in right_funnel(rows).items()}


FUNNEL_MISTAKES: Mistakes = {
    "the later steps are counted over all scenarios together": _all_scenarios,
    "impressions are counted, not customers": _funnel_of_rows,
    "only the first count is of different customers, the others count rows": _seen_once,
    "a customer more is counted where the condition fails: ELSE 0 is a value too": _else_zero,
    "a cart or a purchase without a click in its row is left out": lambda rows: right_funnel(
        [(*one[:3], one[2] * one[3], one[2] * one[3] * one[4]) for one in rows]
    ),
    "scenarios where nobody clicked are left out": lambda rows: {
        name: counts for name, counts in right_funnel(rows).items() if counts[1]
    },
    "a customer counts in one scenario only": _first_scenario,
    "ids became numbers: '07' and '7' are two customers": lambda rows: right_funnel(
        [(one[0], one[1].lstrip("0"), *one[2:]) for one in rows]
    ),
    "buyers and carts are exchanged": lambda rows: {
        name: (a, b, d, c) for name, (a, b, c, d) in right_funnel(rows).items()
    },
}


TASK = Task(
    id="14.1",
    prompt="Count different customers at each step of the funnel, by scenario.",
    check_answer=check_funnel,
    hints=(
        "Two columns decide: the scenario makes the groups, and in each group different "
        "user_ids are counted four times, each time among fewer rows.",
        "In SQL: count(DISTINCT user_id) FILTER (click = 1), with GROUP BY scenario. In "
        "pandas: one.loc[one['click'] == 1, 'user_id'].nunique() in a groupby.",
        "rows = duckdb.execute(sql, {'file': file}).fetchall(), the query reading FROM "
        "read_parquet($file); then {scenario: tuple(counts) for scenario, *counts in rows}.",
    ),
    insight="A funnel of customers and a funnel of impressions are two numbers. Say which.",
)
