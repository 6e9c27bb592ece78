"""Task 15.2: click rates corrected by inverse propensity."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Row = tuple[str, int, float]
Rows = Sequence[Row]

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


def _per_product(rows: Rows, rate: Callable[[np.ndarray, np.ndarray], Any]) -> dict[str, float]:
    held: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for product, click, p_examine in rows:
        held[product].append((click, p_examine))
    return {
        product: float(rate(*(np.array(part, dtype=float) for part in zip(*pairs, strict=True))))
        for product, pairs in held.items()
    }


def right_rates(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, p: np.mean(click / np.maximum(p, least)))


def _by(
    rate: Callable[[np.ndarray, np.ndarray], Any],
) -> Callable[[Rows, float], dict[str, float]]:
    """A rate of a product's clicks and its examination probabilities, raised to ``least``."""
    return lambda rows, least: _per_product(
        rows, lambda click, p: rate(click, np.maximum(p, least))
    )


def _of_some(keep: Callable[[Row, float], bool]) -> Callable[[Rows, float], dict[str, float]]:
    """Rates of the rows that are kept; products without one have rate 0."""
    return lambda rows, least: (
        {product: 0.0 for product, *_ in rows}
        | right_rates([row for row in rows if keep(row, least)], least)
    )


def _last_stretch(rows: Rows, least: float) -> dict[str, float]:
    stretches = itertools.groupby(rows, key=lambda row: row[0])
    return {product: right_rates(list(its), least)[product] for product, its in stretches}


_sums = _by(lambda click, p: (click / p).sum())

MISTAKES: dict[str, Callable[..., Any]] = {
    "positions do not count: this is the plain click rate": _by(lambda click, p: click.mean()),
    "you divide clicks by the sum of the probabilities. That is a good estimate too, called "
    "clicks over expected clicks, but not this one": _by(lambda click, p: click.sum() / p.sum()),
    "you multiply by the examination probability: divide": _by(lambda click, p: np.mean(click * p)),
    "a probability below least is not raised to least": lambda rows, least: right_rates(rows, 0.0),
    "rates are cut off at 1: an estimate may lie above 1": _by(
        lambda click, p: np.mean(click / p).clip(max=1)
    ),
    "you average over the clicked rows only": _of_some(lambda row, least: row[1] == 1),
    "you average over the clicked rows only, and products without a click are missing": (
        lambda rows, least: right_rates([row for row in rows if row[1] == 1], least)
    ),
    "products without a click are dropped: their rate is 0": lambda rows, least: {
        product: rate for product, rate in right_rates(rows, least).items() if rate > 0
    },
    "you add up, but do not divide by the product's rows": _sums,
    "you divide by the sum of the weights, not by the number of rows": _by(
        lambda click, p: np.average(click, weights=1 / p)
    ),
    "rows with a probability below least are dropped: raise it to least": _of_some(
        lambda row, least: row[2] >= least
    ),
    "you divide by all rows, not by those of the product": lambda rows, least: {
        product: total / len(rows) for product, total in _sums(rows, least).items()
    },
    "rows that are equal count once: count each of them": lambda rows, least: right_rates(
        list(dict.fromkeys(rows)), least
    ),
    "only those rows of a product count that stand side by side": _last_stretch,
}


def check_rates(answer: Any) -> None:
    compare(answer, CASES, right_rates, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> dict[str, float]:
    what = f"{_shown(case)}: the result"
    refuse_none(value, what, "a dict")
    if isinstance(value, pd.Series):
        value = value.to_dict()
    if not isinstance(value, dict):
        reject(f"{what} must be a dict {{product: rate}}, got {shorten(value)}.")
    return {key: as_number(item, f"{what} of {key!r}") for key, item in value.items()}


def _shown(case: Case) -> str:
    return f"corrected_rates({case[0]}, {case[1]})"


TASK = Task(
    id="15.2",
    prompt="Return each product's mean of click / max(p_examine, least).",
    check_answer=check_rates,
    hints=(
        "A click at a position that few examine stands for several clicks: its weight is above 1.",
        "For each product: the sum of click / max(p_examine, least), and the number of its rows.",
        "Two dicts in one loop over rows: totals.get(p, 0) + click / max(p_examine, least), and "
        "counts.get(p, 0) + 1; return {p: totals[p] / counts[p] for p in counts}.",
    ),
    insight="Right on average, and loud: a click at the bottom of the page weighs as much as ten "
    "at the top. `least` buys calm with a little bias.",
)
