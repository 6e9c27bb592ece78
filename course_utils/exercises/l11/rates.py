"""Task 11.5: click rates corrected by inverse propensity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Rows = Sequence[tuple[str, int, float]]

CASES: list[tuple[list[tuple[str, int, float]], float]] = [
    ([("p1", 1, 0.5), ("p1", 0, 0.5), ("p2", 1, 1.0), ("p2", 0, 1.0)], 0.1),
    ([("a", 1, 1.0), ("a", 0, 0.4), ("a", 1, 0.4), ("b", 0, 0.25), ("b", 1, 0.8)], 0.1),
    ([("a", 1, 0.04), ("a", 0, 1.0), ("b", 0, 0.02), ("b", 1, 1.0)], 0.1),
    ([("a", 0, 0.3), ("a", 0, 0.6), ("b", 1, 0.6)], 0.1),
    ([("z", 1, 0.2), ("y", 0, 0.2), ("z", 1, 0.2)], 0.05),
    ([("a", 1, 0.3), ("b", 1, 0.2), ("a", 0, 0.9), ("a", 0, 0.5)], 0.25),
    ([("p7", 1, 0.3)], 0.0),
    ([], 0.1),
]


def _per_product(rows: Rows, rate: Callable[[np.ndarray, np.ndarray], Any]) -> dict[str, float]:
    held: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for product, click, look in rows:
        held[product].append((click, look))
    return {
        product: float(rate(*(np.array(part, dtype=float) for part in zip(*pairs, strict=True))))
        for product, pairs in held.items()
    }


def rates(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: np.mean(click / np.maximum(look, least)))


def _read(value: Any, what: str) -> dict[str, float]:
    refuse_none(value, what, "a dict")
    if isinstance(value, pd.Series):
        value = value.to_dict()
    if not isinstance(value, dict):
        reject(f"{what} must be a dict {{product: rate}}, got {shorten(value)}.")
    return {key: as_number(item, f"{what} of {key!r}") for key, item in value.items()}


def check_rates(answer: Any) -> None:
    def tell(rows: Rows, least: float) -> str:
        return f"corrected_rates({rows}, {least})"

    compare(
        answer,
        CASES,
        rates,
        lambda value, case: _read(value, f"{tell(*case)}: the result"),
        lambda case: tell(*case),
        MISTAKES,
    )


def naive(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: click.mean())


def expected(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: click.sum() / np.maximum(look, least).sum())


def multiplied(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: np.mean(click * np.maximum(look, least)))


def unclipped(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: np.mean(click / look))


def clipped_above(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(
        rows, lambda click, look: np.mean(click / np.maximum(look, least)).clip(max=1)
    )


def clicks_only(rows: Rows, least: float) -> dict[str, float]:
    kept = [row for row in rows if row[1] == 1]
    return {product: 0.0 for product, *_ in rows} | rates(kept, least)


def never_clicked_dropped(rows: Rows, least: float) -> dict[str, float]:
    return {product: rate for product, rate in rates(rows, least).items() if rate > 0}


def summed(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(rows, lambda click, look: (click / np.maximum(look, least)).sum())


def self_normalised(rows: Rows, least: float) -> dict[str, float]:
    return _per_product(
        rows, lambda click, look: np.average(click, weights=1 / np.maximum(look, least))
    )


def rare_dropped(rows: Rows, least: float) -> dict[str, float]:
    return {product: 0.0 for product, *_ in rows} | rates(
        [row for row in rows if row[2] >= least], 0.0
    )


def all_rows(rows: Rows, least: float) -> dict[str, float]:
    return {product: total / len(rows) for product, total in summed(rows, least).items()}


MISTAKES: dict[str, Callable[..., dict[str, float]]] = {
    "the places do not count: this is the plain click rate": naive,
    "you divide clicks by the sum of looks. That is a good estimate too, called clicks over "
    "expected clicks, but not this one": expected,
    "you multiply by the chance to look: divide": multiplied,
    "a chance below least is not raised to least": unclipped,
    "rates are cut off at 1: an estimate may lie above 1": clipped_above,
    "you average over the clicked rows only": clicks_only,
    "products without a click are dropped: their rate is 0": never_clicked_dropped,
    "you add up, but do not divide by the product's rows": summed,
    "you divide by the sum of the weights, not by the number of rows": self_normalised,
    "rows with a chance below least are dropped: raise the chance to least": rare_dropped,
    "you divide by all rows, not by those of the product": all_rows,
}


TASK = Task(
    id="11.5",
    prompt="Return each product's mean of click / max(look, least).",
    check_answer=check_rates,
    hints=(
        "A click where few look stands for several clicks: give it a weight above 1.",
        "For each product: the sum of click / max(look, least), and the number of its rows.",
        "Two dicts in one loop over rows: totals.get(p, 0) + click / max(look, least), and "
        "counts.get(p, 0) + 1; return {p: totals[p] / counts[p] for p in counts}.",
    ),
    insight="Right on average, and loud: a click at the bottom of the page weighs as much as ten "
    "at the top. `least` buys calm with a little bias.",
)
