"""Task 51.7: one epoch of BPR, triple by triple."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.bpr_mistakes import MISTAKES, Case, Triples, bpr_epoch
from course_utils.exercises.l51.shared import ERRATA, count
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten

FIRST: Case = ([(0, 1, 0)], np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [2.0, 0.0]]), 0.5, 0.2)
"""Small enough for paper: d is 1, σ(-d) is 0.2689."""


def _cases() -> list[Case]:
    draw = np.random.default_rng(517)

    def drawn(n_users: int, n_products: int, f: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = draw.normal(size=(n_users, f)), draw.normal(size=(n_products, f))
        return x.round(1), y.round(1)

    chain: Triples = [(0, 2, 1), (1, 0, 2), (0, 2, 1), (0, 1, 3), (2, 3, 0), (1, 2, 3)]
    return [
        FIRST,
        ([(1, 0, 2)], *drawn(2, 3, 2), 0.3, 0.1),
        (chain, *drawn(3, 4, 2), 0.2, 0.15),
        (chain[::-1], *drawn(3, 4, 1), 0.1, 0.0),
        ([], *drawn(2, 3, 2), 0.1, 0.3),
        ([(0, 1, 2)] * 3, *drawn(2, 3, 4), 0.25, 0.05),
        ([(2, 0, 1), (2, 1, 0), (0, 0, 1)], *drawn(3, 2, 3), 0.4, 0.2),
    ]


def _shown(case: Case) -> str:
    triples, x, y, lr, reg = case
    if len(triples) < 2:
        return call_of("bpr_epoch", (list(triples), x, y, lr, reg))
    return (
        f"bpr_epoch({list(triples)}, {count(len(x), 'user')}, {count(len(y), 'product')}, "
        f"{count(x.shape[1], 'factor')}, lr {lr}, reg {reg})"
    )


def _flat(value: Any, case: Case) -> np.ndarray:
    """x, then y, as one row of numbers."""
    refuse_none(value, _shown(case), "the two arrays x and y")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{_shown(case)} must return two arrays, x and y, got {shorten(value)}.")
    x, y = (as_array(one, f"{_shown(case)}: {name}") for one, name in zip(value, "xy", strict=True))
    if x.shape == case[2].shape and y.shape == case[1].shape != x.shape:
        reject(f"{_shown(case)}: the two arrays are exchanged, return x, y.")
    for name, one, start in (("x", x, case[1]), ("y", y, case[2])):
        if one.shape != start.shape:
            reject(f"{_shown(case)}: {name} must keep its shape {start.shape}, got {one.shape}.")
    return np.concatenate([x.ravel(), y.ravel()])


def _place(case: Case, path: tuple[Any, ...]) -> str:
    at = int(path[0])
    name, array = ("x", case[1]) if at < case[1].size else ("y", case[2])
    row, column = divmod(at if name == "x" else at - case[1].size, array.shape[1])
    return f"{_shown(case)}: {name}[{row}, {column}]"


def check_bpr_epoch(answer: Any) -> None:
    compare(answer, _cases(), bpr_epoch, _flat, _shown, MISTAKES, _place)


TASK = Task(
    id="51.7",
    prompt="One epoch of BPR: three rows of factors, moved by each triple in turn.",
    check_answer=check_bpr_epoch,
    hints=(
        "Four steps for each triple: d, the slope, and three moves that all use the old rows.",
        "x[u] is a view of the array: it changes with it. Keep old, i_row, j_row = x[u].copy(), "
        "y[i].copy(), y[j].copy() before anything moves.",
        "s = 1 / (1 + np.exp(old @ (i_row - j_row))); then x[u] += lr * (s * (i_row - j_row) - reg "
        "* old), y[i] += lr * (s * old - reg * i_row), y[j] += lr * (-s * old - reg * j_row).",
    ),
    may_change=True,
    insight="A triple that stands in the right order already moves little: σ(-d) is small.",
    errata=ERRATA,
)
