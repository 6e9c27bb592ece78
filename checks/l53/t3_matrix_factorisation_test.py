"""53.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l53.t3_matrix_factorisation import right
from checks.proof import Proof, Wrong


def _number_by_number(ratings: Any, p: Any, q: Any, epochs: int, lr: float, reg: float) -> Any:
    p, q = p.tolist(), q.tolist()
    b, c, f = [0.0] * len(p), [0.0] * len(q), range(len(p[0]))
    mu = sum(r for _, _, r in ratings) / len(ratings)

    def said(u: int, i: int) -> float:
        return mu + b[u] + c[i] + sum(p[u][k] * q[i][k] for k in f)

    for _ in range(epochs):
        for u, i, r in ratings:
            e = r - said(u, i)
            b[u], c[i] = b[u] + lr * (e - reg * b[u]), c[i] + lr * (e - reg * c[i])
            for k in f:
                x, y = p[u][k], q[i][k]
                p[u][k], q[i][k] = x + lr * (e * y - reg * x), y + lr * (e * x - reg * y)
    return [[said(u, i) for i in range(len(q))] for u in range(len(p))]


def _wide(ratings: Any, p: Any, q: Any, epochs: int, lr: float, reg: float) -> Any:
    """Biases as two more factors, one of each pair held at 1."""
    mu = np.mean([r for _, _, r in ratings])
    x = np.c_[p, np.zeros(len(p)), np.ones(len(p))]
    y = np.c_[q, np.ones(len(q)), np.zeros(len(q))]
    f = p.shape[1]
    for _ in range(epochs):
        for u, i, r in ratings:
            e = r - mu - x[u] @ y[i]
            move_x, move_y = lr * (e * y[i] - reg * x[u]), lr * (e * x[u] - reg * y[i])
            move_x[f + 1] = move_y[f] = 0
            x[u] += move_x
            y[i] += move_y
    return mu + x @ y.T


PROOF = Proof(
    task="53.3",
    right=[_number_by_number, _wide],
    wrong=[
        Wrong(right.in_place("p += 1e-9"), "your function changes `p`", silent=True),
        Wrong(right.returning("result.T"), "must have shape (1, 2), got shape (2, 1)"),
    ],
)
