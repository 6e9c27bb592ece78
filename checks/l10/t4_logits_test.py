"""10.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.l10.t4_logits import SAME, SHARE, right
from checks.proof import Proof, Wrong


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


def _in_32_bits(
    x: np.ndarray, y: np.ndarray, products: Sequence[int], counts: np.ndarray
) -> np.ndarray:
    q = (counts / counts.sum()).astype(np.float32)[products]
    table = (x @ y.T).astype(np.float32) - np.log(q)
    masked = np.equal.outer(products, products) & ~np.eye(len(products), dtype=bool)
    return np.where(masked, np.float32(-np.inf), table)


PROOF = Proof(
    task="10.4",
    right=[_with_loops, _with_logs, _in_32_bits],
    wrong=[
        *(
            Wrong(right.edit({"-np.inf": number}), says, silent=True)
            for number, says in [
                ("0", "got 0. You put a number where the product is repeated"),
                ("-1e9", "got -1e+09. You put a number"),
                ("-1e300", "must be -inf, got -1e+300. You put a number"),
            ]
        ),
        Wrong(  # `is` is true for equal numbers below 257 only
            right.edit({SAME: "np.array([[i is j for j in products] for i in products])"}),
            "[1, 257, 11, 257]",
            silent=True,
        ),
        Wrong(  # no share below a millionth
            right.edit({SHARE: f"np.maximum({SHARE}, 1e-6)"}),
            "at row 0, column 0 it must be 116.118",
            silent=True,
        ),
        Wrong(right.returning("np.exp(result)[0]"), "must have shape"),
    ],
)
