"""30.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l30.t3_text_vector import LENGTH, right
from checks.proof import Proof, Wrong


def _by_loops(H: np.ndarray, there: np.ndarray) -> Any:
    rows = []
    for h, known in zip(H, there, strict=True):
        mean = h[known].mean(axis=0) if known.any() else np.zeros(H.shape[2])
        rows.append(mean / (np.sqrt(mean @ mean) or 1.0))
    return rows


def _sums(H: np.ndarray, there: np.ndarray) -> Any:
    total = np.einsum("ntd,nt->nd", H, there.astype(float))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.divide(total, length, out=np.zeros_like(total), where=length > 0)


PROOF = Proof(
    task="30.3",
    right=[_by_loops, _sums],
    wrong=[
        Wrong(right.edit({LENGTH: "length"}), "must not hold nan", silent=True),
        Wrong(right.returning("result.astype(H.dtype)"), "must be 0.6000, got 0", silent=True),
        Wrong(right.returning("result[0]"), "must have shape"),
        Wrong(right.returning("-result"), "must be 0.6000, got -0.6000", silent=True),
    ],
)
