"""Task 10.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l10.logits import MISTAKES, logits


def _with_loops(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> list[list[float]]:
    total = sum(int(n) for n in counts)
    table = []
    for i, mine in enumerate(products):
        row = []
        for j, other in enumerate(products):
            score = sum(float(a) * float(b) for a, b in zip(x[i], y[j], strict=True))
            repeated = i != j and mine == other
            row.append(-float("inf") if repeated else score - np.log(counts[other] / total))
        table.append(row)
    return table


def _with_logs(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    """log q as a difference of logarithms; the mask by subtraction of infinity."""
    table = np.einsum("id,jd->ij", x, y)
    table += np.log(counts.sum()) - np.log(counts[np.array(products)])
    ids = np.array(products)
    rows, columns = np.nonzero(ids[:, None] == ids)
    off = rows != columns
    table[rows[off], columns[off]] = -np.inf
    return table


def _compared_as_objects(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    """``is`` is true for equal numbers below 257 only."""
    same = np.array([[one is other for other in products] for one in products])
    np.fill_diagonal(same, False)
    return logits(x, y, products, counts, mask=lambda _: same)


def _raised_q(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    """No share below a millionth."""
    q = np.maximum(counts[products] / counts.sum(), 1e-6)
    return logits(x, y, products, counts, correct=lambda scores, *_: scores - np.log(q))


def _in_32_bits(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    q = (counts / counts.sum()).astype(np.float32)[products]
    table = (x @ y.T).astype(np.float32) - np.log(q)
    return np.where(np.isneginf(logits(x, y, products, counts)), np.float32(-np.inf), table)


PROOF = Proof(
    task="10.4",
    right=[_with_loops, _with_logs, _in_32_bits],
    wrong=[
        *silent(MISTAKES),
        *(
            Wrong(functools.partial(logits, forbidden=number), says, silent=True)
            for number, says in [
                (0.0, "got 0. You put a number where the product is repeated"),
                (-1e9, "got -1e+09. You put a number"),
                (-1e300, "must be -inf, got -1e+300. You put a number"),
            ]
        ),
        Wrong(_compared_as_objects, "[1, 257, 11, 257]", silent=True),
        Wrong(_raised_q, "at row 0, column 0 it must be 116.118", silent=True),
        Wrong(
            lambda x, y, products, counts: np.exp(logits(x, y, products, counts)).tolist()[0],
            "must have shape",
        ),
    ],
)
