"""53.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from checks.l53.t5_factorisation_machine import right
from checks.proof import Proof, Wrong


def _all_pairs(x: Any, w0: float, w: Any, v: Any) -> Any:
    return [
        w0
        + sum(float(a) * b for a, b in zip(row, w, strict=True))
        + sum(
            float(row[a]) * float(row[b]) * (v[a] @ v[b])
            for a, b in itertools.combinations(range(len(w)), 2)
        )
        for row in x
    ]


def _by_gram(x: Any, w0: float, w: Any, v: Any) -> Any:
    """All products of rows of v, those above the diagonal."""
    x = x.astype(float)
    return w0 + x @ w + np.einsum("nd,de,ne->n", x, np.triu(v @ v.T, 1), x)


PROOF = Proof(
    task="53.5",
    right=[_all_pairs, _by_gram],
    wrong=[
        Wrong(right.returning("1 / (1 + np.exp(-result))"), "must be 3.5000", silent=True),
        Wrong(right.returning("result[:, None]"), "must have shape (1,), got shape (1, 1)"),
        Wrong(right.returning("result.sum()"), "must have shape (1,), got shape ()."),
    ],
)
