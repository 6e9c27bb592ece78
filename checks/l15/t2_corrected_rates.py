"""Task 15.2: click rates corrected by inverse propensity."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("15.2", itertools=itertools)
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
    ([("p1", 1, 0.5), ("p1", 0, 0.5), ("p2", 1, 1.0), ("p2", 0, 1.0)], 0.1),
    ([("a", 1, 1.0), ("a", 0, 0.4), ("a", 1, 0.4), ("b", 0, 0.25), ("b", 1, 0.8)], 0.1),
    ([("a", 1, 0.04), ("a", 0, 1.0), ("b", 0, 0.02), ("b", 1, 1.0)], 0.1),
    ([("a", 0, 0.3), ("a", 0, 0.6), ("b", 1, 0.6)], 0.1),
    ([("z", 1, 0.2), ("y", 0, 0.2), ("z", 1, 0.2)], 0.05),
    ([("a", 1, 0.3), ("b", 1, 0.2), ("a", 0, 0.9), ("a", 0, 0.5)], 0.25),
    ([("p7", 1, 0.3)], 0.0),
    ([], 0.1),
    ([("a", 1, 0.5), ("a", 1, 0.5), ("a", 1, 0.5), ("a", 0, 0.5)], 0.1),
    ([("a", 1, 1.0), *[("a", 0, 1.0)] * 11], 0.1),
    ([("a", 1, 1e-12), ("b", 0, 1e-12)], 0.0),
    ([("A", 1, 0.3), ("a", 0, 0.7), ("茶", 1, 0.7), ("茶", 0, 0.7), ("茶 ", 0, 0.7)], 1.0),
    ([("p10", 1, 1.0), ("p11", 0, 1.0), ("ｐ10", 0, 1.0), ("", 1, 0.8)], 0.1),
]

RAISED, CLICK = "max(p_examine, least)", "click / max(p_examine, least)"
RATE, COUNTED = "weighted[product] / count[product]", "count.get(product, 0) + 1"
OF_ALL = "{product: 0.0 for product, *_ in rows} | right([row for row in rows if %s], least)"

SLIPS = {
    "positions do not count: this is the plain click rate": edit({CLICK: "click"}),
    "you divide clicks by the sum of the probabilities. That is a good estimate too, called "
    "clicks over expected clicks, but not this one": edit(
        {CLICK: "click", COUNTED: f"count.get(product, 0) + {RAISED}"}
    ),
    "you multiply by the examination probability: divide": edit({CLICK: f"click * {RAISED}"}),
    "a probability below least is not raised to least": edit({RAISED: "p_examine"}),
    "rates are cut off at 1: an estimate may lie above 1": edit({RATE: f"min({RATE}, 1)"}),
    "you average over the clicked rows only": returning(OF_ALL % "row[1]"),
    "you average over the clicked rows only, and products without a click are missing": first(
        "rows = [row for row in rows if row[1]]"
    ),
    "products without a click are dropped: their rate is 0": returning(
        "{product: rate for product, rate in result.items() if rate > 0}"
    ),
    "you add up, but do not divide by the product's rows": edit({RATE: "weighted[product]"}),
    "you divide by the sum of the weights, not by the number of rows": edit(
        {COUNTED: f"count.get(product, 0) + 1 / {RAISED}"}
    ),
    "rows with a probability below least are dropped: raise it to least": returning(
        OF_ALL % "row[2] >= least"
    ),
    "you divide by all rows, not by those of the product": edit(
        {RATE: "weighted[product] / len(rows)"}
    ),
    "rows that are equal count once: count each of them": first("rows = list(dict.fromkeys(rows))"),
    "only those rows of a product count that stand side by side": returning(
        "{product: right(list(part), least)[product] "
        "for product, part in itertools.groupby(rows, key=lambda row: row[0])}"
    ),
}


def _shown(case: Case) -> str:
    return f"corrected_rates({case[0]}, {case[1]})"


def _read(value: Any, case: Case) -> dict[str, float]:
    what = f"{_shown(case)}: the result"
    refuse_none(value, what, "a dict")
    if isinstance(value, pd.Series):
        value = value.to_dict()
    if not isinstance(value, dict):
        reject(f"{what} must be a dict {{product: rate}}, got {shorten(value)}.")
    return {key: as_number(item, f"{what} of {key!r}") for key, item in value.items()}


TASK = checked(
    "15.2",
    "Return each product's mean of click / max(p_examine, least).",
    right,
    CASES,
    SLIPS,
    hints=(
        "A click at a position that few examine stands for several clicks: its weight is above 1.",
        "For each product: the sum of click / max(p_examine, least), and the number of its rows.",
        "Two dicts in one loop over rows: totals.get(p, 0) + click / max(p_examine, least), and "
        "counts.get(p, 0) + 1; return {p: totals[p] / counts[p] for p in counts}.",
    ),
    insight="Right on average, and loud: a click at the bottom of the page weighs as much as ten "
    "at the top. `least` buys calm with a little bias.",
    shown=_shown,
    read=_read,
    leaves=False,
)
