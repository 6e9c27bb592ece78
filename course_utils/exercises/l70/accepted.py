"""Task 70.5: acceptance against the twins: nowhere worse by more than a margin, better in all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l70.accepted_slips import MISTAKES, Found, Key, right_accepted
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten


def _shops(mean: float, spread: float, n: int = 5) -> list[float]:
    steps = np.linspace(-1, 1, n) * spread
    return [round(float(mean + one), 6) for one in steps]


def _table(**gaps: list[float]) -> dict[Key, list[float]]:
    return {(name.split("_")[0], name.split("_")[1]): of for name, of in gaps.items()}


CASES: list[Case] = [
    (
        _table(home_click=_shops(0.002, 0.004), cart_purchase=_shops(0.03, 0.02)),
        0.01,
        _shops(12, 6),
    ),
    (
        _table(home_click=_shops(-0.004, 0.004), cart_purchase=_shops(0.03, 0.02)),
        0.01,
        _shops(12, 6),
    ),
    # Worse for sure in one: the mean gain is large, and the answer is no.
    (_table(home_click=_shops(-0.03, 0.005), cart_purchase=_shops(0.3, 0.02)), 0.01, _shops(12, 6)),
    # Worse, but within the margin.
    (_table(home_click=_shops(-0.004, 0.001)), 0.01, _shops(3, 1)),
    # Not known: the interval reaches below the margin and above it.
    (_table(home_click=_shops(0.001, 0.03), cart_purchase=_shops(0.02, 0.01)), 0.01, _shops(12, 6)),
    # No cell fails, and money is not shown to be better; then it is worse for sure.
    (_table(home_click=_shops(0.002, 0.001)), 0.01, _shops(1, 8)),
    (_table(home_click=_shops(0.002, 0.001)), 0.01, _shops(-6, 2)),
    # A cell is open and money is worse for sure; a cell is worse and another open.
    (_table(home_click=_shops(0.001, 0.03)), 0.01, _shops(-6, 2)),
    (_table(a_click=_shops(-0.05, 0.01), b_click=_shops(0.0, 0.05)), 0.01, _shops(1, 8)),
    # Below 0 for sure, and not known whether by more than the margin: the lesson's own cell.
    (_table(cart_click=[-0.012, -0.002, -0.007, -0.007]), 0.01, [1.0, 2.0, 3.0]),
    # Its mean lies below minus the margin, its interval reaches above.
    (_table(cart_click=[-0.02, -0.004, -0.012, -0.012]), 0.01, [4.0, 5.0, 6.0]),
    # Three shops: the interval is wide, with t and not with 1.96.
    (_table(home_click=_shops(0.0, 0.005, 3)), 0.01, _shops(2, 1, 3)),
    (_table(home_click=_shops(0.0, 0.003, 3)), 0.01, _shops(2, 0.5, 3)),
    # No margin at all; and no cells.
    (
        _table(home_click=_shops(0.002, 0.001), cart_purchase=_shops(-0.001, 0.003)),
        0.0,
        _shops(4, 1),
    ),
    ({}, 0.01, _shops(4, 1)),
    ({}, 0.01, _shops(-6, 2)),
    ({}, 0.01, _shops(1, 8)),
    # Two scenarios, each with two tasks: each cell has its own interval, of 95 %, however many
    # there are; numbers of shops repeat, and one shop is far from the others.
    (
        _table(
            home_click=[0.0, 0.0, 0.0, 0.006, -0.006],
            home_purchase=_shops(-0.03, 0.005),
            cart_click=[0.004, 0.004, 0.004, 0.004, -0.02],
            cart_purchase=_shops(0.0, 0.01075),
            search_click=_shops(0.0, 0.0138),
        ),
        0.01,
        _shops(3, 1),
    ),
    (
        _table(a_x=_shops(0, 0.0076), a_y=_shops(0, 0.0076), b_x=_shops(0.02, 0.01)),
        0.01,
        _shops(3, 1),
    ),
    (_table(home_click=_shops(0.0, 0.0095, 3)), 0.01, _shops(2, 0.5, 3)),
    # Worse for sure in the last: neither the mean of the cells nor the first one says it.
    (_table(cart_purchase=_shops(0.3, 0.02), home_click=_shops(-0.03, 0.005)), 0.01, _shops(12, 6)),
    # Every shop the same, exactly at the margin: it lies within.
    (_table(home_click=[-0.01] * 4), 0.01, [1.0] * 4),
    (_table(home_click=[-0.01] * 4), 0.01, [0.0] * 4),
    # A little below the margin is below it.
    (_table(home_click=[-0.01005] * 4), 0.01, [1.0] * 4),
    # Money is held against 0, not against the margin: a small loss, a small gain.
    (_table(home_click=[0.002, 0.001, 0.003]), 0.01, [-0.004, -0.005, -0.006]),
    (_table(home_click=[0.002, 0.001, 0.003]), 0.01, [0.004, 0.005, 0.006]),
]


def _told(case: Case) -> str:
    gaps, margin, money = case
    return with_lines(gaps=gaps, margin=margin, money=money) + "the result"


def _flat(found: Found) -> dict[str, Any]:
    return {**{f"cell {key}": word for key, word in found[0].items()}, "decision": found[1]}


def _read(got: Any, case: Case) -> dict[str, Any]:
    told = _told(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, tuple | list) or len(got) != 2:
        reject(f"{told} must be (cells, decision), got {shorten(got)}.")
    cells, word = got
    if not isinstance(cells, dict) or set(cells) != set(case[0]):
        reject(
            f"{told}: the cells must be a dictionary with the keys of gaps, got {shorten(cells)}."
        )
    for one in cells.values():
        if not among(one, ("holds", "fails", "open")):
            reject(f"{told}: a cell must be 'holds', 'fails' or 'open', got {shorten(one)}.")
    if not among(word, ("accept", "reject", "open")):
        reject(f"{told}: the decision must be 'accept', 'reject' or 'open', got {shorten(word)}.")
    return _flat((cells, word))


def _wrapped(gives: Callable[..., Found]) -> Callable[..., dict[str, Any]]:
    return lambda *case: _flat(gives(*case))


def check_accepted(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: _flat(right_accepted(*case)),
        _read,
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
        lambda case, at: f"{_told(case)[: -len('the result')]}the {at[0]}",
    )


TASK = Task(
    id="70.5",
    prompt="Fill the acceptance table of a model against its twins, and name the decision.",
    check_answer=check_accepted,
    hints=(
        "Each cell has its own interval; compare its two ends with minus the margin.",
        "low >= -margin holds, high < -margin fails, else open. Any cell that fails rejects.",
        "low, high = paired_interval(of); then 'reject' if a cell fails or money's high < 0, "
        "'accept' if none is open and money's low > 0, else 'open'",
    ),
    insight="Not worse must be shown, with a margin written before; no difference shown is not it.",
)
