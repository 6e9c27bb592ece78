"""32.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l32.t2_encoder_cost import right
from checks.proof import Proof, Wrong


def _layers(tokens: int, width: int, inner: int, blocks: int, rows: int) -> Any:
    shapes = [*[(width, width)] * 4, (width, inner), (inner, width)]
    weights = sum(a * b for a, b in shapes)
    biases = sum(b for _, b in shapes)
    parameters = products = 0
    for _ in range(blocks):
        parameters += weights + biases + 2 * 2 * width
        products += tokens * weights + tokens * tokens * width * 2
    return [parameters + (rows + 2) * width, products]


def _arrays(tokens: int, width: int, inner: int, blocks: int, rows: int) -> Any:
    block = np.array(
        [
            4 * width**2 + 2 * width * inner + 9 * width + inner,
            tokens * width * (4 * width + 2 * inner + 2 * tokens),
        ]
    )
    return blocks * block + np.array([rows * width + 2 * width, 0])


PROOF = Proof(
    task="32.2",
    right=[_layers, _arrays],
    wrong=[
        Wrong(right.returning("sum(result)"), "must have shape (2,)"),
        Wrong(right.returning("(result[0] / 7, 1)"), "both are counts"),
    ],
)
