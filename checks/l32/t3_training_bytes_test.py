"""32.3: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l32.t3_training_bytes import right
from checks.proof import Proof, Wrong


def _parts(frozen: int, matrices: Any, rank: int, activations: int) -> Any:
    down = sum(a * rank for a, _ in matrices)
    up = sum(rank * b for _, b in matrices)
    weights = frozen + down + up
    gradients = down + up
    moments = 2 * (down + up)
    return 4 * (weights + gradients + moments + activations)


def _arrays(frozen: int, matrices: Any, rank: int, activations: int) -> Any:
    trained = rank * np.array(matrices, float).sum()
    return 4.0 * np.dot([frozen, trained, activations], [1, 4, 1])


PROOF = Proof(
    task="32.3",
    right=[_parts, _arrays],
    wrong=[
        Wrong(right.in_place("matrices.append((1, 1))"), "changes `matrices`", silent=True),
        Wrong(right.returning("result / 1e6"), "must be 5160, got 0.0052", silent=True),
        Wrong(right.returning("[result, 0]"), "must be one number"),
    ],
)
