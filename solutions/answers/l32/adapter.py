"""Task 32.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l32.adapter import MISTAKES, right_adapter


def _merged_first(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    merged = w + np.einsum("dr,rh->dh", down, up) * (alpha / len(up))
    return np.matmul(x, merged) + b, merged


def _loop(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    rank = up.shape[0]
    merged = np.array(w, float)
    for k in range(rank):
        merged += alpha / rank * np.outer(down[:, k], up[k])
    return [x @ w + b + (alpha / rank) * ((x @ down) @ up), merged]


def _in_place(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    y, merged = right_adapter(x, w, b, down, up, alpha)
    w[...] = merged
    return y, w


PROOF = Proof(
    task="32.4",
    right=[_merged_first, _loop, right_adapter],
    wrong=[
        *silent(MISTAKES),
        Wrong(_in_place, "changes `W`", silent=True),
        Wrong(lambda *case: right_adapter(*case)[0], "(y, merged)"),
        Wrong(lambda *case: right_adapter(*case)[::-1], "y must have shape"),
    ],
)
