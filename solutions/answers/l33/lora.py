"""Task 33.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l33.lora import MISTAKES, _turned, right_lora


def _merged(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> Any:
    weights = W + (alpha / A.shape[-1]) * (A @ B)
    z = x @ weights + b
    return z * (z > 0)


def _einsum(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> Any:
    r = len(B)
    return np.clip(
        np.einsum("nd,dh->nh", x, W) + np.einsum("nd,dr,rh->nh", x, A, B) * alpha / r + b, 0, None
    )


def _in_place(x: Any, W: Any, b: Any, A: Any, B: Any, alpha: float) -> Any:
    W += alpha / A.shape[1] * (A @ B)
    return np.maximum(x @ W + b, 0)


PROOF = Proof(
    task="33.2",
    right=[_merged, _einsum, right_lora],
    wrong=[
        *silent(MISTAKES),
        Wrong(_turned, "mismatch", status="error"),
        Wrong(_in_place, "W"),
        Wrong(lambda *case: right_lora(*case).T, "must have shape"),
    ],
)
