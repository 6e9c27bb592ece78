"""33.7: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l33.t7_swapped import right
from checks.proof import Proof, Wrong


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
    right=[_arrays, _loop, lambda *case: np.array(right(*case))],
    wrong=[
        Wrong(right.returning("result[:2]"), "(changed, named_a, wins)"),
        Wrong(right.returning("('A', *result[1:])"), "must be one number"),
    ],
)
