"""Task 10.4: the logits of a batch, corrected by logQ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import code_of
from course_utils.exercises.comparing import NOTHING, Case, ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("10.4")
edit, returning = right.edit, right.returning


def _case(products: Sequence[int], counts: Sequence[int], dim: int, seed: int) -> Case:
    draw = np.random.default_rng(seed)
    x, y = (draw.normal(size=(len(products), dim)).round(1) for _ in range(2))
    first = {one: at for at, one in reversed(list(enumerate(products)))}
    y = y[[first[one] for one in products]]  # one product, one vector
    return x, y, list(products), np.array(counts)


CASES: list[Case] = [
    (np.array([[1.0, 0.0], [0.0, 2.0]]), np.eye(2), [0, 1], np.array([1, 3])),
    _case([4, 0, 4], [5, 1, 0, 2, 12], 2, 1),
    _case([2, 1, 0, 2, 2], [3, 9, 4], 3, 2),
    _case([0, 3, 1, 5], [8, 2, 6, 30, 1, 3], 4, 3),
    _case([6], [1, 0, 0, 2, 3, 5, 4], 1, 4),
    # Two products with one vector, and counts above 255.
    (
        np.array([[0.5, 1.0], [2.0, 0.0], [1.0, 1.0]]),
        np.array([[1.0, 2.0]] * 2 + [[0.0, 1.0]]),
        [1, 3, 0],
        np.array([300, 70_000, 4, 2]),
    ),
    # Other products with one vector and one count, whose numbers 8 bits, a last digit or a
    # text confuse; each number is an object of its own.
    (
        np.array([[1.0], [2.0], [0.5], [3.0]]),
        np.ones((4, 1)),
        np.array([1, 257, 11, 257]).tolist(),
        np.full(258, 3),
    ),
    # A rare product, and a large score. (No q near 1: its logarithm needs more than 32 bits.)
    (
        np.array([[100.0, 0.0], [0.0, 2.0]]),
        np.eye(2),
        [0, 1],
        np.array([1, 5_000_000, 5_000_000]),
    ),
]

SHARE, LOG_Q = "counts[ids] / counts.sum()", "np.log(counts[ids] / counts.sum())"
SAME, OWN = "ids[:, None] == ids", "np.fill_diagonal(repeated, False)"
NO_MASK, NO_CORRECTION = {OWN: "repeated[:] = False"}, {f" - {LOG_Q}": ""}

SLIPS = {
    "The correction is missing: these are dot products, masked.": edit(NO_CORRECTION),
    "Correction and mask are missing: these are the plain dot products.": edit(
        NO_CORRECTION, NO_MASK
    ),
    "You add log q; subtract it.": edit({"- np.log": "+ np.log"}),
    "You correct by row; q belongs to the column's product.": edit({LOG_Q: f"{LOG_Q}[:, None]"}),
    "You correct all columns but the customer's own; correct that one too.": edit(
        {LOG_Q: f"{LOG_Q} * (1 - np.eye(len(ids)))"}
    ),
    "You take the logarithm to base 10; np.log is the natural one.": edit({"np.log(": "np.log10("}),
    "You return the softmax; return the logits that go into it.": returning(
        "np.exp(result - np.logaddexp.reduce(result, axis=1, keepdims=True))"
    ),
    "You subtract q itself, not its logarithm.": edit({LOG_Q: SHARE}),
    "You subtract the logarithm of the count; q is its share of all purchases.": edit(
        {SHARE: "counts[ids]"}
    ),
    "Your q divides by the counts in the batch only; divide by the sum of all counts.": edit(
        {"counts.sum()": "counts[ids].sum()"}
    ),
    "Your q counts the batch; take counts, of all purchases.": edit(
        {SHARE: f"({SAME}).mean(axis=0)"}
    ),
    "Nothing is masked: the customer's own product stands among the negatives.": edit(NO_MASK),
    "You mask where two vectors are equal; two products may have one vector.": edit(
        {SAME: "(y[:, None] == y).all(axis=2)"}
    ),
    "You mask the diagonal too; it is the right answer of each row.": edit({OWN: "pass"}),
    "You keep the first column of a repeated product; keep the diagonal.": edit(
        {OWN: "repeated &= np.cumsum(repeated, axis=1) > 1"}
    ),
    "You mask on one side of the diagonal only, below it.": edit(
        {OWN: "repeated = np.tril(repeated, -1)"}
    ),
    "You mask on one side of the diagonal only, above it.": edit(
        {OWN: "repeated = np.triu(repeated, 1)"}
    ),
    "You mask where two counts are equal; two products may be bought equally often.": edit(
        {SAME: "counts[ids][:, None] == counts[ids]"}
    ),
    "Rows and columns are exchanged: row i is customer i.": edit({"x @ y.T": "y @ x.T"}),
}

NUMBER = "You put a number where the product is repeated; that is a fair score, -np.inf is none."


def check_logits(answer: Any) -> None:
    def read(value: Any, case: Case) -> np.ndarray:
        got = as_array(value, _shown(case), (len(case[2]),) * 2, infinite=True)
        if np.isposinf(got).any():
            reject(f"{_shown(case)} must not hold +inf: the mask is -np.inf.")
        return got

    repeated = CASES[1]  # its products 0 and 2 are the same
    fill = ask_quietly(lambda *case: read(answer(*case), case)[0, 2], [repeated])[0]
    number = {} if fill is NOTHING else {NUMBER: _with_number(fill)}
    compare(answer, CASES, right, read, _shown, SLIPS | number)


def _with_number(fill: float) -> Function:
    def with_number(*case: Any) -> np.ndarray:
        table = right(*case)
        return np.where(np.isneginf(table), fill, table)

    return with_number


def _shown(case: Case) -> str:
    x, y, products, counts = case
    arrays = ", ".join(map(code_of, (x, y)))
    n = code_of(counts) if len(counts) < 100 else f"np.full({len(counts)}, {counts[0]})"
    return f"in_batch_logits({arrays}, {products}, {n})"


TASK = Task(
    "10.4",
    "Dot products minus log q of the column, -inf where the row's product is repeated.",
    check_logits,
    hints=(
        "Start from x @ y.T: row i is customer i, column j product j.",
        "log_q = np.log(counts[products] / counts.sum()) has one number for each column; "
        "subtracting it from a table takes it from every row.",
        "ids = np.array(products); same = ids[:, None] == ids; np.fill_diagonal(same, False); "
        "then np.where(same, -np.inf, x @ y.T - log_q).",
    ),
    insight="Own product and others are corrected alike, each by its own q: the rarer, the more.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
