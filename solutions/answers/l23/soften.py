"""Task 23.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.soften import MISTAKES, right_soften


def _by_powers(p: Any, T: float) -> Any:
    one, zero = p ** (1 / T), (1 - p) ** (1 / T)
    return one / (one + zero)


def _by_odds(p: Any, T: float) -> list[float]:
    return [float(1 / (1 + ((1 - one) / one) ** (1 / T))) for one in p]


PROOF = Proof(
    task="23.2",
    right=[_by_powers, _by_odds],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda p, T: right_soften(p, T).round(6), says="rounded to 6", silent=True),
        Wrong(lambda p, T: float(np.mean(right_soften(p, T))), says="must have shape"),
        Wrong(lambda p, T: None, says="Did you forget a return?"),
    ],
)
