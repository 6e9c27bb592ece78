"""Task 31.5: search in the nearest cells of an index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l31.probe_cases import CASES
from course_utils.exercises.reading import as_array, as_number
from course_utils.exercises.theirs import shorten


def right_probe(
    vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int
) -> tuple[list[int], int]:
    return _searched(vectors, cells, centres, query, n_probe, k)


def _searched(
    vectors: Any,
    cells: Any,
    centres: Any,
    query: Any,
    n_probe: int,
    k: int,
    *,
    near: Callable[[Any, Any], Any] = lambda c, q: c @ q,
    score: Callable[[Any, Any], Any] = lambda v, q: v @ q,
    local: bool = False,
    counted: Callable[[int, int, int], int] = lambda n, cells, k: n + cells,
) -> tuple[list[int], int]:
    open_cells = np.argsort(-near(centres, query), kind="stable")[:n_probe]
    rows = np.flatnonzero(np.isin(cells, open_cells))
    order = np.argsort(-score(vectors[rows], query), kind="stable")[:k]
    return (order if local else rows[order]).tolist(), counted(len(rows), len(centres), k)


def _exact(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    return np.argsort(-(vectors @ query), kind="stable")[:k].tolist(), len(vectors)


def _cell_by_cell(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    """The first cell fills the list; the second one only follows."""
    found: list[int] = []
    for cell in np.argsort(-(centres @ query), kind="stable")[:n_probe]:
        rows = np.flatnonzero(cells == cell)
        found += rows[np.argsort(-(vectors[rows] @ query), kind="stable")].tolist()
    return found[:k], right_probe(vectors, cells, centres, query, n_probe, k)[1]


def _by_opening(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    """All opened cells together, in the order of their opening; then sorted by the score alone."""
    opened = np.argsort(-(centres @ query), kind="stable")[:n_probe]
    rows = np.concatenate([np.flatnonzero(cells == cell) for cell in opened])
    order = np.argsort(-(vectors[rows] @ query), kind="stable")[:k]
    return rows[order].tolist(), len(centres) + len(rows)


def _higher(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    """An ascending sort, turned round."""
    opened = np.argsort(-(centres @ query), kind="stable")[:n_probe]
    rows = np.flatnonzero(np.isin(cells, opened))
    order = np.argsort(vectors[rows] @ query, kind="stable")[::-1][:k]
    return rows[order].tolist(), len(centres) + len(rows)


def _unsorted(*case: Any) -> Any:
    found, products = right_probe(*case)
    return sorted(found), products


MISTAKES: dict[str, Callable[..., Any]] = {
    "all vectors are compared: that is the exact search": _exact,
    "the farthest cells are opened": lambda *c: _searched(*c, near=lambda m, q: -(m @ q)),
    "cells are chosen by distance, not by the inner product": (
        lambda *c: _searched(*c, near=lambda m, q: -((m - q) ** 2).sum(1))
    ),
    "vectors are ordered by distance, not by the inner product": (
        lambda *c: _searched(*c, score=lambda v, q: -((v - q) ** 2).sum(1))
    ),
    "the numbers count within the opened cells, not within all vectors": (
        lambda *c: _searched(*c, local=True)
    ),
    "one cell follows the other: the best of the second may beat all of the first": _cell_by_cell,
    "of equal products the lower number comes first, also where they lie in two cells": _by_opening,
    "of equal products the higher number comes first: an ascending sort was turned round": _higher,
    "empty cells at the end are not counted: every centre is compared": (
        lambda *c: (
            right_probe(*c)[0],
            right_probe(*c)[1] - len(c[2]) + int(np.max(c[1])) + 1,
        )
    ),
    "only the centres of the opened cells are counted: all are compared": (
        lambda *c: (right_probe(*c)[0], right_probe(*c)[1] - len(c[2]) + c[4])
    ),
    "the list is in the order of numbers, not best first": _unsorted,
    "the products with the centres are not counted": (
        lambda *c: _searched(*c, counted=lambda n, cells, k: n)
    ),
    "the products of an exact search are counted": (lambda *c: (right_probe(*c)[0], len(c[0]))),
    "only what is returned is counted, not what was compared": (
        lambda *c: _searched(*c, counted=lambda n, cells, k: min(n, k) + cells)
    ),
    "only one cell is opened": lambda v, ce, m, q, n, k: right_probe(v, ce, m, q, 1, k),
}


def check_probe(answer: Any) -> None:
    names = ("vectors", "cells", "centres", "query", "n_probe", "k")
    compare(
        leaving(answer, names, _told),
        CASES,
        right_probe,
        _read,
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    names = ("vectors", "cells", "centres", "query", "n_probe", "k")
    return with_lines(**dict(zip(names, case, strict=True))) + "probe(...)"


def _read(got: Any, case: Case) -> tuple[list[int], int]:
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{_told(case)} must be two things, (numbers, products), got {shorten(got)}.")
    found = as_array(got[0], f"{_told(case)}: the numbers")
    if found.ndim != 1 or (found != np.rint(found)).any():
        reject(f"{_told(case)}: the numbers must be a list of whole numbers.")
    products = as_number(got[1], f"{_told(case)}: the products")
    if products != round(products):
        reject(f"{_told(case)}: the products must be a whole number, got {products}.")
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
)
