"""15.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from checks.l15.t3_doubly_robust import WEIGHT, right
from checks.proof import Proof, Wrong


def _padded(shown: Any, clicks: Any, old: Any, new: Any, predicted: Any) -> Any:
    """Rows padded to one width, then arrays."""
    width = max(map(len, old))
    mu, pi, a = (
        np.array([row + [0.0] * (width - len(row)) for row in table])
        for table in (old, new, predicted)
    )
    at = np.arange(len(shown)), np.array(shown)
    return ((pi * a).sum(axis=1) + pi[at] / mu[at] * (np.array(clicks) - a[at])).mean()


def _rearranged(shown: Any, clicks: Any, old: Any, new: Any, predicted: Any) -> Any:
    """IPW of the clicks, minus what IPW says of the model, plus what is true of the model."""
    total = Fraction(0)
    for i, s in enumerate(shown):
        weight = Fraction(new[i][s]) / Fraction(old[i][s])
        total += weight * clicks[i] - weight * Fraction(predicted[i][s])
        for j, p in enumerate(new[i]):
            total += Fraction(p) * Fraction(predicted[i][j])
    return total / len(shown)


PROOF = Proof(
    task="15.3",
    right=[_padded, _rearranged],
    wrong=[
        Wrong(right.edit({WEIGHT: f"round({WEIGHT})"}), "must be 0.6000, got 0.6500", silent=True),
        Wrong(right.returning("result * 1.00001"), "add no small number", silent=True),
    ],
)
