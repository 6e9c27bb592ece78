"""Task 33.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l33.launch import MISTAKES, right_launch


def _arrays(new: Any, old: Any, margin: float) -> Any:
    ends = np.array([*old.values()])
    key = [*old][int(ends[:, 0].argmin())]
    if (ends[:, 1] < -margin).any() or not new[1] > 0:
        return ["stop", key]
    passes = new[0] > 0 and (ends[:, 0] >= -margin).all()
    return ["launch" if passes else "wait", key]


def _loop(new: Any, old: Any, margin: float) -> Any:
    key, lowest, word = None, 1e9, "launch" if new[0] > 0 else "wait"
    for name, (low, high) in old.items():
        if low < lowest:
            key, lowest = name, low
        if high < -margin:
            word = "stop"
        elif low < -margin and word == "launch":
            word = "wait"
    return ("stop" if new[1] <= 0 else word), key


def _of_a_set(new: Any, old: Any, margin: float) -> Any:
    """Of equal ones the first in the alphabet, as a set that is sorted gives it."""
    return right_launch(new, {name: old[name] for name in sorted({*old})}, margin)


PROOF = Proof(
    task="33.5",
    right=[_arrays, _loop, right_launch],
    wrong=[
        *silent(MISTAKES),
        Wrong(_of_a_set, "the result", silent=True),
        Wrong(lambda *case: right_launch(*case)[0], "(word, key)"),
        Wrong(lambda *case: ("ship", right_launch(*case)[1]), "the word must be one of"),
        Wrong(lambda *case: (right_launch(*case)[0], 0), "the key must be one of"),
    ],
)
