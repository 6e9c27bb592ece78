"""Task 15.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l15.robust import MISTAKES, right_robust


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


def _whole_numbers(*case: Any) -> Any:
    """The weight as a whole number."""
    shown, clicks, old, new, predicted = case
    values = [
        np.dot(new[i], predicted[i]) + round(new[i][s] / old[i][s]) * (clicks[i] - predicted[i][s])
        for i, s in enumerate(shown)
    ]
    return np.mean(values)


PROOF = Proof(
    task="15.3",
    right=[_padded, _rearranged, right_robust],
    wrong=[
        *silent(MISTAKES),
        Wrong(_whole_numbers, "must be 0.6000, got 0.6500", silent=True),
        Wrong(lambda *case: round(right_robust(*case), 3), "rounded to 3", silent=True),
        Wrong(lambda *case: right_robust(*case) * 1.00001, "add no small number", silent=True),
        Wrong(lambda *case: [right_robust(*case)] * 2, "must be one number"),
    ],
)
