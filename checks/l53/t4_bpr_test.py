"""53.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l53.t4_bpr import right
from checks.proof import Proof, Wrong


def _loop(x: Any, y: Any, u: Any, i: Any, j: Any, lr: float, reg: float) -> Any:
    new_x, new_y, loss = x.astype(float), y.astype(float), 0.0
    for a, b, c in zip(u, i, j, strict=True):
        d = float(x[a] @ (y[b] - y[c]))
        s = np.exp(-np.logaddexp(0, d))
        loss += np.logaddexp(0, -d) + reg / 2 * sum(r @ r for r in (x[a], y[b], y[c]))
        new_x[a] += lr / len(u) * (s * (y[b] - y[c]) - reg * x[a])
        new_y[b] += lr / len(u) * (s * x[a] - reg * y[b])
        new_y[c] -= lr / len(u) * (s * x[a] + reg * y[c])
    return [loss / len(u), new_x.tolist(), new_y]


def _one_hot(x: Any, y: Any, u: Any, i: Any, j: Any, lr: float, reg: float) -> Any:
    """The batch as tables of zeros and ones: the gradient is a product."""
    rows_u, plus, minus = np.eye(len(x))[u], np.eye(len(y))[i], np.eye(len(y))[j]
    gap = (plus - minus) @ y
    d = (rows_u @ x * gap).sum(axis=1)
    with np.errstate(over="ignore"):
        s = (1 / (1 + np.exp(d)))[:, None]
    n = len(u)
    squares = (rows_u.sum(0) @ x**2).sum() + ((plus + minus).sum(0) @ y**2).sum()
    loss = np.logaddexp(0, -d).mean() + reg / 2 * squares / n
    grad_x = rows_u.T @ (-s * gap) + reg * rows_u.sum(0)[:, None] * x
    grad_y = (plus - minus).T @ (-s * (rows_u @ x)) + reg * (plus + minus).sum(0)[:, None] * y
    return loss, x - lr * grad_x / n, y - lr * grad_y / n


PROOF = Proof(
    task="53.4",
    right=[_loop, _one_hot],
    wrong=[
        Wrong(right.in_place("x[:] = result[1]"), "your function changes `x`", silent=True),
        Wrong(
            right.edit({"np.logaddexp(0, -d)": "-np.log(1 / (1 + np.exp(-d)))"}),
            "got infinity. exp of thousands is infinite, and log of 0 too",
        ),
        Wrong(right.returning("result[1:]"), "must be 3 results, the loss, x, y"),
        Wrong(
            right.returning("(np.round(result[0], 3), *result[1:])"),
            "the loss must be 1.3133, got 1.3130",
            silent=True,
        ),
        Wrong(
            right.returning("(*result[:2], np.round(result[2], 2))"),
            "the result: y at 0, 0 must be 1.3655, got 1.3700",
            silent=True,
        ),
    ],
)
