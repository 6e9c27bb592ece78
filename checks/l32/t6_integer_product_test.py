"""32.6: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l32.t6_integer_product import right
from checks.proof import Proof, Wrong


def _einsum(x: Any, q: Any, scales: Any) -> Any:
    top = np.linalg.norm(x, np.inf, axis=1)
    s = np.where(top == 0, 1.0, top / 127)
    integers = np.round(x / s[:, None]).astype("int8")
    total = np.einsum("nd,dh->nh", integers, q, dtype=np.int32)
    return total * np.outer(s, scales)


def _floats(x: Any, q: Any, scales: Any) -> Any:
    """Whole numbers below 2**53 are exact as floats of 64 bits."""
    rows = []
    for row in x:
        s = max(map(abs, row)) / 127 or 1.0
        rows.append(np.rint(row / s) @ q.astype(float) * s * scales)
    return np.array(rows)


def _halves_away(x: Any, q: Any, scales: Any) -> Any:
    """As many write rounding by hand."""
    s = np.abs(x).max(1, keepdims=True) / 127
    s[s == 0] = 1
    v = x / s
    integers = (np.sign(v) * np.floor(np.abs(v) + 0.5)).astype(np.int32)
    return integers @ q.astype(np.int32) * s * scales


def _nan(x: Any, q: Any, scales: Any) -> Any:
    s = np.abs(x).max(1, keepdims=True) / 127
    return (np.rint(x / s) @ q.astype(float)) * s * scales


def _wider_late(x: Any, q: Any, scales: Any) -> Any:
    s = np.abs(x).max(1, keepdims=True) / 127
    s[s == 0] = 1
    return (np.rint(x / s).astype(np.int8) @ q).astype(np.int32) * s * scales


PROOF = Proof(
    task="32.6",
    right=[_einsum, _floats],
    wrong=[
        Wrong(_wider_late, "runs over", silent=True),
        Wrong(_halves_away, "halves go away from zero", silent=True),
        Wrong(_nan, "must not hold nan"),
        Wrong(right.returning("result.T"), "must have shape"),
    ],
)
