"""33.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l33.t2_lora import right
from checks.proof import Proof, Wrong


def _merged(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> Any:
    weights = W + (alpha / A.shape[-1]) * (A @ B)
    z = x @ weights + b
    return z * (z > 0)


def _einsum(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> Any:
    r = len(B)
    return np.clip(
        np.einsum("nd,dh->nh", x, W) + np.einsum("nd,dr,rh->nh", x, A, B) * alpha / r + b, 0, None
    )


PROOF = Proof(
    task="33.2",
    right=[_merged, _einsum],
    wrong=[
        # B A in place of A B, where the shapes allow it.
        Wrong(
            right.returning("np.maximum(x @ (W + alpha / A.shape[1] * (B @ A)) + b, 0)"),
            "mismatch",
            status="error",
        ),
        Wrong(right.in_place("W += alpha / A.shape[1] * (A @ B)"), "W"),
        Wrong(right.returning("result.T"), "must have shape"),
    ],
)
