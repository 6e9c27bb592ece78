"""33.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l33.t5_launch import right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="33.5",
    right=[_arrays, _loop],
    wrong=[
        # Of equal ones the first in the alphabet, as a set that is sorted gives it.
        Wrong(
            right.first("old = {name: old[name] for name in sorted({*old})}"),
            "the result",
            silent=True,
        ),
        Wrong(right.returning("result[0]"), "(word, key)"),
        Wrong(right.returning("('ship', result[1])"), "the word must be one of"),
        Wrong(right.returning("(result[0], 0)"), "the key must be one of"),
    ],
)
