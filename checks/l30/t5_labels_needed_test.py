"""30.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from checks.l30.t5_labels_needed import right
from checks.proof import Proof, Wrong


def _by_array(sizes: list[int], scores: list[float], target: float) -> Any:
    has = np.asarray(scores) >= target
    if not has.any():
        return float("inf")
    at = int(has.argmax())
    if at == 0:
        return sizes[0]
    two = slice(at - 1, at + 1)
    return np.exp(np.interp(target, scores[two], np.log(sizes[two])))


def _by_fractions(sizes: list[int], scores: list[float], target: float) -> Any:
    """The line's share as a fraction, and an array of one number."""
    least, curve = Fraction(target), [Fraction(one) for one in scores]
    if curve[0] >= least:
        return sizes[0]
    for before, after, low, high in zip(sizes, sizes[1:], curve, curve[1:], strict=False):
        if high >= least:
            share = float((least - low) / (high - low))
            return np.array([before ** (1 - share) * after**share])
    return np.inf


PROOF = Proof(
    task="30.5",
    right=[_by_array, _by_fractions],
    wrong=[
        Wrong(
            right.returning("round(result) if np.isfinite(result) else np.inf"),
            "You rounded to 0 decimals",
            silent=True,
        ),
        Wrong(right.edit({"return np.inf": "return None"}), "got None"),
        Wrong(right.edit({"return np.inf": "return np.nan"}), "a number or infinity, got nan"),
        Wrong(right.returning("(result, 1.0)"), "must be one number"),
    ],
)
