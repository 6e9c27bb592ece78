"""Task 11.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l11.bm25 import MISTAKES, right_term


def _in_steps(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    rarity = np.log((n + 1) / (held + 0.5))
    if tf == 0:
        return 0
    return rarity / (1 + k1 / tf * (1 + b * (length / mean - 1)))


def _with_arrays(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    counts = np.array([tf], dtype=float)
    return (
        np.log1p((n - held + 0.5) / (held + 0.5))
        * counts
        / (counts + k1 * ((1 - b) + b * length / mean))
    )


def _in_small_integers(tf: int, *rest: Any) -> float:
    with np.errstate(over="ignore"):
        return right_term(int(np.array(tf).astype(np.uint8)), *rest)


PROOF = Proof(
    task="11.2",
    right=[_in_steps, _with_arrays],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: round(right_term(*case), 6), "to 6 decimals", silent=True),
        Wrong(_in_small_integers, "tf=300", silent=True),
        Wrong(lambda *case: (right_term(*case),) * 2, "must be one number"),
    ],
)
