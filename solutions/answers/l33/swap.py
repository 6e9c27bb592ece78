"""Task 33.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l33.swap import MISTAKES, right_swap


def _arrays(one: Any, two: Any) -> Any:
    a, b = np.array(one) == "A", np.array(two) == "A"
    return (a == b).mean(), np.concatenate([a, b]).mean(), np.concatenate([a, ~b]).mean()


def _loop(one: Any, two: Any) -> Any:
    changed = named = wins = 0.0
    for a, b in zip(one, two, strict=True):
        first, again = a == "A", b == "B"
        changed += first is not again
        named += 0.5 * (a == "A") + 0.5 * (b == "A")
        wins += (first + again) / 2
    return [changed / len(one), named / len(one), wins / len(one)]


PROOF = Proof(
    task="33.7",
    right=[_arrays, _loop, right_swap, lambda *case: np.array(right_swap(*case))],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: right_swap(*case)[:2], "(changed, named_a, wins)"),
        Wrong(lambda *case: ("A", *right_swap(*case)[1:]), "must be one number"),
    ],
)
