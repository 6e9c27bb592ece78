"""33.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l33.t4_price import right
from checks.proof import Proof, Wrong


def _closed(design: str, d: int, h: int, K: int, S: int, n: int) -> Any:
    a, b = d * h + h, h + 1
    if design == "shared":
        return a + K * b, b, 0
    if design == "separate":
        return K * S * (a + b), S * (a + b), K * (a + b)
    if design == "star":
        return (S + 1) * (a + K * b), (S + 1) * b, a + K * b
    return n * a + K * n * d + K * b, n * d + b, 0


def _by_layers(design: str, d: int, h: int, K: int, S: int, n: int) -> Any:
    def count(K: int, S: int) -> float:
        trunk = [(d, h)] * {"shared": 1, "separate": K * S, "star": 1 + S, "mmoe": n}[design]
        heads = [(h, 1)] * {"shared": K, "separate": K * S, "star": (1 + S) * K, "mmoe": K}[design]
        gates = K * n * d if design == "mmoe" else 0
        return float(sum(i * o + o for i, o in trunk + heads) + gates)

    return [count(K, S), count(K + 1, S) - count(K, S), count(K, S + 1) - count(K, S)]


PROOF = Proof(
    task="33.4",
    right=[_closed, _by_layers, lambda *case: np.array(right(*case))],
    wrong=[
        # Shared-Bottom with a head for each pair.
        Wrong(right.edit({"t + K * q,": "t + K * S * q,"}), "price('shared'", silent=True),
        Wrong(right.returning("result[0]"), "(total, a task, a scenario)"),
    ],
)
