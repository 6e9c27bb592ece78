"""Task 31.5: search in the nearest cells of an index."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_lines
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, as_number
from course_utils.exercises.theirs import shorten

right = LessonAnswer("31.5")
edit, first, returning = right.edit, right.first, right.returning


def _drawn(seed: int, n: int, cells: int, width: int = 2) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    vectors = np.round(draw.normal(size=(n, width)), 1)
    centres = np.round(draw.normal(size=(cells, width)), 1)
    return vectors, draw.integers(0, cells, n), centres, np.round(draw.normal(size=width), 1)


_TIE = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
CASES: list[Case] = [
    (_TIE, np.array([0, 1, 0, 1]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.2]), 1, 2),
    (*_drawn(0, 8, 3), 1, 3),
    (*_drawn(1, 9, 4), 2, 2),
    (*_drawn(2, 7, 3), 3, 7),
    (*_drawn(3, 6, 5), 1, 4),
    (_TIE, np.array([0, 0, 1, 1]), np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([1.0, 0.0]), 1, 4),
    (
        _TIE,
        np.array([2, 2, 2, 2]),
        np.array([[2.0, 0], [0, 2.0], [0, 0]]),
        np.array([1.0, 1.0]),
        2,
        3,
    ),
    (*_drawn(4, 12, 4, 3), 2, 5),
    (
        np.array([[1.0, 0.0], [1.0, 5.0]]),
        np.array([1, 0]),
        np.array([[1.0, 0.0], [0.5, 0.0]]),
        np.array([1.0, 0.0]),
        2,
        2,
    ),
    (
        np.array([[1.0, 0.0], [0.5, 0.0]] * 20),
        np.zeros(40, int),
        np.array([[1.0, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        5,
    ),
    (
        np.c_[np.arange(40, 0, -1.0), np.zeros(40)],
        np.arange(40),
        np.array([[1.0, 0.0], [0.5, 0.0]] * 20),
        np.array([1.0, 0.0]),
        5,
        5,
    ),
    (
        np.c_[[1.0, 1, 2, 2, 0, 0, 2, 2], np.zeros(8)],
        np.zeros(8, int),
        np.array([[1.0, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        3,
    ),
    (
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([0, 0]),
        np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.0]]),
        np.array([1.0, 0.0]),
        1,
        1,
    ),
]

OPENED, BEST = "-(centres @ query), kind", "-(vectors[rows] @ query), kind"
ROWS, COUNT = "np.flatnonzero(np.isin(cells, opened))", "len(centres) + len(rows)"
BY_OPENING = "np.concatenate([np.flatnonzero(cells == cell) for cell in opened])"
STABLE = "stable only if asked"
UNSTABLE = {f'{of}="stable"': f"{of}=None" for of in (OPENED, BEST)}
CELLS_TOO, VECTORS_TOO = ({old: new} for old, new in UNSTABLE.items())

SLIPS = {
    "all vectors are compared: that is the exact search": edit(
        {ROWS: "np.arange(len(vectors))", COUNT: "len(vectors)"}
    ),
    "the farthest cells are opened": edit({"-(centres": "(centres"}),
    "cells are chosen by distance, not by the inner product": edit(
        {"-(centres @ query)": "((centres - query) ** 2).sum(1)"}
    ),
    "vectors are ordered by distance, not by the inner product": edit(
        {"-(vectors[rows] @ query)": "((vectors[rows] - query) ** 2).sum(1)"}
    ),
    "the numbers count within the opened cells, not within all vectors": edit(
        {"rows[order]": "order"}
    ),
    "one cell follows the other: the best of the second may beat all of the first": edit(
        {
            'np.argsort(-(vectors[rows] @ query), kind="stable")': "np.lexsort("
            "(-(vectors[rows] @ query), [list(opened).index(cell) for cell in cells[rows]]))"
        }
    ),
    "of equal products the one in the cell opened first comes first: the lower number does": edit(
        {ROWS: BY_OPENING}
    ),
    "of equal products the higher number comes first: an ascending sort was turned round": edit(
        {"-(vectors[rows] @": "(vectors[rows] @", "[:k]": "[::-1][:k]"}
    ),
    f"cells of equal products change places: a sort is {STABLE}": edit(CELLS_TOO),
    f"vectors of equal products change places: a sort is {STABLE}": edit(VECTORS_TOO),
    f"cells and vectors of equal products change places: a sort is {STABLE}": edit(UNSTABLE),
    "empty cells at the end are not counted: every centre is compared": edit(
        {COUNT: "int(cells.max()) + 1 + len(rows)"}
    ),
    "only the centres of the opened cells are counted: all are compared": edit(
        {COUNT: "n_probe + len(rows)"}
    ),
    "the list is in the order of numbers, not best first": returning(
        "(sorted(result[0]), result[1])"
    ),
    "the products with the centres are not counted": edit({COUNT: "len(rows)"}),
    "the products of an exact search are counted": edit({COUNT: "len(vectors)"}),
    "only what is returned is counted, not what was compared": edit(
        {COUNT: "len(centres) + len(order)"}
    ),
    "only one cell is opened": first("n_probe = 1"),
}

shown = in_lines(right, "probe(...)")


def check_probe(answer: Any) -> None:
    compare(
        leaving(answer, right.arguments, shown),
        CASES,
        lambda *case: _read(right(*case), case),
        _read,
        shown,
        {words: lambda *case, slip=slip: _read(slip(*case), case) for words, slip in SLIPS.items()},
    )


def _read(got: Any, case: Case) -> tuple[list[int], int]:
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{shown(case)} must be two things, (numbers, products), got {shorten(got)}.")
    found = as_array(got[0], f"{shown(case)}: the numbers")
    if found.ndim != 1 or (found != np.rint(found)).any():
        reject(f"{shown(case)}: the numbers must be a list of whole numbers.")
    products = as_number(got[1], f"{shown(case)}: the products")
    if products != round(products):
        reject(f"{shown(case)}: the products must be a whole number, got {products}.")
    return [int(one) for one in found], int(products)


TASK = Task(
    id="31.5",
    prompt="Return the k best vectors of the nearest cells, and how many products that took.",
    check_answer=check_probe,
    hints=(
        "First the centres: which n_probe have the highest inner product with the query?",
        "Then all vectors of these cells together: rows = np.flatnonzero(np.isin(cells, opened)).",
        "order = np.argsort(-(vectors[rows] @ query), kind='stable')[:k]; return rows[order], "
        "len(centres) + len(rows).",
    ),
    insight="What an index misses lies in a cell that nobody opened. n_probe buys it back.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
