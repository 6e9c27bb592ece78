"""Task 10.4: the logits of a batch, corrected by logQ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import code_of
from course_utils.exercises.comparing import NOTHING, Case, ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def _case(products: Sequence[int], counts: Sequence[int], dim: int, seed: int) -> Case:
    draw = np.random.default_rng(seed)
    x, y = (draw.normal(size=(len(products), dim)).round(1) for _ in range(2))
    first = {one: at for at, one in reversed(list(enumerate(products)))}
    y = y[[first[one] for one in products]]  # one product, one vector
    return x, y, list(products), np.array(counts)


def _cases() -> list[Case]:
    return [
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


def _repeated(products: Sequence[int]) -> np.ndarray:
    same = np.equal.outer(products, products)
    return same & ~np.eye(len(products), dtype=bool)


def _log_q(products: Sequence[int], counts: np.ndarray) -> np.ndarray:
    return np.log(counts[list(products)] / counts.sum())


def logits(
    x: np.ndarray,
    y: np.ndarray,
    products: Sequence[int],
    counts: np.ndarray,
    *,
    correct: Callable[..., Any] = lambda scores, products, counts: (
        scores - _log_q(products, counts)
    ),
    mask: Callable[[Sequence[int]], np.ndarray] = _repeated,
    forbidden: float = -np.inf,
) -> np.ndarray:
    """The right table, or one with a part exchanged."""
    return np.where(mask(products), forbidden, correct(x @ y.T, products, counts))


def _with(**part: Any) -> Callable[..., np.ndarray]:
    return lambda x, y, products, counts: logits(x, y, products, counts, **part)


def _only_first(products: Sequence[int]) -> np.ndarray:
    """Each row keeps the first column with its product, and loses its own."""
    same = np.equal.outer(products, products)
    return same & (np.cumsum(same, axis=1) > 1)


def _in_batch(scores: np.ndarray, products: Sequence[int], counts: np.ndarray) -> np.ndarray:
    of_batch = np.array([products.count(one) for one in products])
    return scores - np.log(of_batch / len(products))


def _chances(*case: Any) -> np.ndarray:
    """The softmax of each row."""
    table = logits(*case)
    raised = np.exp(table - table.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


MISTAKES: dict[str, Callable[..., Any]] = {
    "The correction is missing: these are dot products, masked.": _with(correct=lambda s, p, n: s),
    "Correction and mask are missing: these are the plain dot products.": _with(
        correct=lambda s, p, n: s, mask=lambda p: np.zeros((len(p), len(p)), bool)
    ),
    "You add log q; subtract it.": _with(correct=lambda s, p, n: s + _log_q(p, n)),
    "You correct by row; q belongs to the column's product.": _with(
        correct=lambda s, p, n: s - _log_q(p, n)[:, None]
    ),
    "You correct all columns but the customer's own; correct that one too.": _with(
        correct=lambda s, p, n: s - _log_q(p, n) * (1 - np.eye(len(p)))
    ),
    "You take the logarithm to base 10; np.log is the natural one.": _with(
        correct=lambda s, p, n: s - _log_q(p, n) / np.log(10)
    ),
    "You return the softmax; return the logits that go into it.": _chances,
    "You subtract q itself, not its logarithm.": _with(correct=lambda s, p, n: s - n[p] / n.sum()),
    "You subtract the logarithm of the count; q is its share of all purchases.": _with(
        correct=lambda s, p, n: s - np.log(n[p])
    ),
    "Your q divides by the counts in the batch only; divide by the sum of all counts.": _with(
        correct=lambda s, p, n: s - np.log(n[p] / n[p].sum())
    ),
    "Your q counts the batch; take counts, of all purchases.": _with(correct=_in_batch),
    "Nothing is masked: the customer's own product stands among the negatives.": _with(
        mask=lambda p: np.zeros((len(p), len(p)), bool)
    ),
    "You mask where two vectors are equal; two products may have one vector.": lambda x, y, p, n: (
        np.where(
            (y[:, None] == y).all(axis=2) & ~np.eye(len(p), dtype=bool),
            -np.inf,
            x @ y.T - _log_q(p, n),
        )
    ),
    "You mask the diagonal too; it is the right answer of each row.": _with(
        mask=lambda p: np.equal.outer(p, p)
    ),
    "You keep the first column of a repeated product; keep the diagonal.": _with(mask=_only_first),
    "You mask on one side of the diagonal only, below it.": _with(
        mask=lambda p: np.tril(_repeated(p))
    ),
    "You mask on one side of the diagonal only, above it.": _with(
        mask=lambda p: np.triu(_repeated(p))
    ),
    "You mask where two counts are equal; two products may be bought equally often.": (
        lambda x, y, p, n: np.where(
            np.equal.outer(n[p], n[p]) & ~np.eye(len(p), dtype=bool),
            -np.inf,
            x @ y.T - _log_q(p, n),
        )
    ),
    "Rows and columns are exchanged: row i is customer i.": lambda x, y, p, n: np.where(
        _repeated(p), -np.inf, y @ x.T - _log_q(p, n)
    ),
}


NUMBER = "You put a number where the product is repeated; that is a fair score, -np.inf is none."


def check_logits(answer: Any) -> None:
    def read(value: Any, case: Case) -> np.ndarray:
        got = as_array(value, _shown(case), (len(case[2]),) * 2, infinite=True)
        if np.isposinf(got).any():
            reject(f"{_shown(case)} must not hold +inf: the mask is -np.inf.")
        return got

    cases = _cases()
    repeated = cases[1]  # its products 0 and 2 are the same
    fill = ask_quietly(lambda *case: read(answer(*case), case)[0, 2], [repeated])[0]
    number = {} if fill is NOTHING else {NUMBER: _with(forbidden=fill)}
    compare(answer, cases, logits, read, _shown, MISTAKES | number)


def _shown(case: Case) -> str:
    x, y, products, counts = case
    arrays = ", ".join(map(code_of, (x, y)))
    n = code_of(counts) if len(counts) < 100 else f"np.full({len(counts)}, {counts[0]})"
    return f"in_batch_logits({arrays}, {products}, {n})"


TASK = Task(
    id="10.4",
    prompt="Dot products minus log q of the column, -inf where the row's product is repeated.",
    check_answer=check_logits,
    hints=(
        "Start from x @ y.T: row i is customer i, column j product j.",
        "log_q = np.log(counts[products] / counts.sum()) has one number for each column; "
        "subtracting it from a table takes it from every row.",
        "ids = np.array(products); same = ids[:, None] == ids; np.fill_diagonal(same, False); "
        "then np.where(same, -np.inf, x @ y.T - log_q).",
    ),
    insight="Own product and others are corrected alike, each by its own q: the rarer, the more.",
)
