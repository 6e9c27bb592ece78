"""Task 32.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l32.encoder import MISTAKES, right_encoder


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
    right=[_layers, _arrays, right_encoder],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: sum(right_encoder(*case)), "must have shape (2,)"),
        Wrong(lambda *case: (right_encoder(*case)[0] / 7, 1), "both are counts"),
    ],
)
