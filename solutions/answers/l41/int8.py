"""Task 41.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l41.int8 import MISTAKES, right_int8


def _as_int8(wrong: Callable[..., Any]) -> Callable[..., Any]:
    def run(weights: Any) -> Any:
        q, scales = wrong(weights)
        return np.clip(q, -128, 127).astype(np.int8), scales

    return run


def _loop(weights: Any) -> Any:
    q, scales = np.zeros(weights.shape, np.int8), []
    for at, column in enumerate(weights.T):
        scales.append(max(map(abs, column)) / 127 or 1.0)
        q[:, at] = [round(float(one) / scales[-1]) for one in column]
    return q, scales


def _norm(weights: Any) -> Any:
    scales = np.linalg.norm(weights, np.inf, axis=0) / 127
    scales[scales == 0] = 1
    return np.round(weights / scales).astype("int8"), scales


def _divides(weights: Any) -> Any:
    scales = np.abs(weights).max(0) / 127
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.rint(weights / scales)).astype(np.int8), 1 / (1 / scales)


def _by_row(weights: Any) -> Any:
    q, scales = right_int8(weights.T)
    return q.T.astype(np.int8), scales


PROOF = Proof(
    task="41.7",
    right=[_loop, _norm, _as_int8(right_int8)],
    wrong=[
        *[Wrong(_as_int8(wrong), says, silent=True) for says, wrong in MISTAKES.items()],
        Wrong(_divides, "the scale of column 0 must be 1", silent=True),
        Wrong(_by_row, "the scales must have shape (1,)"),
        Wrong(right_int8, "must be an array of np.int8"),
        Wrong(lambda weights: _norm(weights)[0], "(integers, scales)"),
    ],
)
