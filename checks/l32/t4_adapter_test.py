"""32.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l32.t4_adapter import right
from checks.proof import Proof, Wrong


def _merged_first(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    merged = w + np.einsum("dr,rh->dh", down, up) * (alpha / len(up))
    return np.matmul(x, merged) + b, merged


def _loop(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    rank = up.shape[0]
    merged = np.array(w, float)
    for k in range(rank):
        merged += alpha / rank * np.outer(down[:, k], up[k])
    return [x @ w + b + (alpha / rank) * ((x @ down) @ up), merged]


PROOF = Proof(
    task="32.4",
    right=[_merged_first, _loop],
    wrong=[
        Wrong(right.in_place("W[...] = result[1]"), "changes `W`", silent=True),
        Wrong(right.returning("result[0]"), "(y, merged)"),
        Wrong(right.returning("result[::-1]"), "y must have shape"),
    ],
)
