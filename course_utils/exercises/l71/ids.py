"""Task 71.2: semantic IDs from given centres, what they leave, and who shares one."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l71.ids_slips import MISTAKES, right_ids
from course_utils.exercises.reading import as_array, as_number, refuse_none
from course_utils.exercises.theirs import shorten


def _draw(seed: int, n: int, d: int, sizes: tuple[int, ...]) -> Case:
    draw = np.random.default_rng(seed)
    books = [draw.normal(size=(size, d)).round(2) / (level + 1) for level, size in enumerate(sizes)]
    return draw.normal(size=(n, d)).round(2), books


_CASES: list[Case] = [
    # The text's example.
    (np.array([[5.0, 0.0], [4.0, 1.0], [0.0, 3.0]]),
     [np.array([[4.0, 0.0], [0.0, 4.0]]), np.array([[1.0, 0.0], [0.0, -1.0]])]),
    _draw(1, 12, 3, (3, 2)),
    _draw(2, 9, 2, (4,)),
    _draw(3, 30, 4, (2, 3, 2)),
    # Equally near centres: the first. And two of the same vector.
    (np.array([[0.0], [0.0], [2.0]]), [np.array([[-1.0], [1.0]]), np.array([[1.0], [-1.0]])]),
    _draw(4, 1, 5, (3, 3)),
    # Whole numbers of a small type, whose differences do not fit.
    (np.array([[200, 10], [30, 250]], dtype=np.uint8),
     [np.array([[255, 0], [0, 255]], dtype=np.uint8),
      np.array([[0, 10], [30, 0]], dtype=np.uint8)]),
    _draw(5, 40, 2, (2, 2)),
    # More than ten centres: codes 1, 11 and 11, 1 are two ids, also where they are written as text,
    # or counted in tens or twelves. Only the last two products share theirs.
    (np.array([[1000 * a + 30 * b + c] for a, b, c in (
        (1, 11, 0), (11, 1, 0), (0, 10, 0), (1, 0, 0), (10, 0, 0), (0, 1, 0), (0, 12, 0), (0, 0, 1),
        (0, 0, 10), (5, 5, 5), (5, 5, 5))]),
     [np.arange(12.0)[:, None] * 1000, np.arange(14.0)[:, None] * 30, np.arange(12.0)[:, None]]),
    # Whole numbers, and centres that are none; and small numbers.
    (np.array([[3, 1], [1, 4], [2, 2]]),
     [np.array([[2.5, 1.5], [0.5, 3.5]]), np.array([[0.25, -0.25], [0.5, 0.5]])]),
    (np.array([[3e-5, 1e-5], [1e-5, 4e-5]]), [np.array([[2e-5, 1e-5], [0.0, 3e-5]])]),
    # Whole numbers that single precision cannot tell apart.
    (np.array([[16777217], [3]]), [np.array([[16777216], [16777217], [3]])]),
    # Two hundred centres: codes above 127, and 0, 100 beside 1, 0.
    (np.array([[100.0], [1000.0], [150_150.0], [7007.0]]),
     [np.arange(200.0)[:, None] * 1000, np.arange(200.0)[:, None]]),
]  # fmt: skip


def check_ids(answer: Any) -> None:
    compare(
        leaving(answer, ("vectors", "books"), _told),
        _CASES,
        lambda *case: _joined(right_ids(*case)),
        _read,
        _told,
        {why: lambda *case, f=wrong: _joined(f(*case)) for why, wrong in MISTAKES.items()},
        _place,
    )


def _joined(found: Any) -> np.ndarray:
    """The codes, and behind them the two shares."""
    return np.append(np.asarray(found[0], dtype=float).ravel(), [found[1], found[2]])


def _told(case: Case) -> str:
    vectors, books = case
    if vectors.size + sum(book.size for book in books) <= 60:
        return call_of("semantic_ids", case)
    return (
        f"semantic_ids with {len(vectors)} vectors of {vectors.shape[1]} numbers, "
        f"{len(books)} books of {', '.join(str(len(book)) for book in books)} centres"
    )


def _place(case: Case, at: tuple[Any, ...]) -> str:
    number, levels = at[0], len(case[1])
    if number < len(case[0]) * levels:
        product, level = divmod(number, levels)
        return f"{_told(case)}: the code of product {product} at level {level} (both from 0)"
    return f"{_told(case)}: {('left', 'shared')[number - len(case[0]) * levels]}"


def _read(got: Any, case: Case) -> np.ndarray:
    told = _told(case)
    refuse_none(got, told, "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told} must be (codes, left, shared), got {shorten(got)}.")
    codes = as_array(got[0], f"{told}: codes", (len(case[0]), len(case[1])))
    return _joined((codes, *(as_number(one, f"{told}: a share") for one in got[1:])))


TASK = Task(
    id="71.2",
    prompt="Return the codes, what they leave, and the share of products with a shared id.",
    check_answer=check_ids,
    hints=(
        "One loop over the books, and one array that shrinks: what is left.",
        "In each turn: squared distances of what is left to the centres, argmin, subtract the "
        "chosen centres. An id is a row of codes; np.unique(codes, axis=0, return_inverse=True, "
        "return_counts=True) counts rows.",
        "c = ((r[:, None] - b) ** 2).sum(2).argmin(1); r = r - b[c]; at the end left = "
        "(r ** 2).sum() / (v ** 2).sum(), with v and b as floats.",
    ),
    insight="Products that share an id need something else to be told apart.",
)
