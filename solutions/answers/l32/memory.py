"""Task 32.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l32.memory import MISTAKES, right_memory


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


def _pops(frozen: int, matrices: Any, rank: int, activations: int) -> Any:
    found = right_memory(frozen, matrices, rank, activations)
    matrices.append((1, 1))
    return found


PROOF = Proof(
    task="32.3",
    right=[_parts, _arrays, right_memory],
    wrong=[
        *silent(MISTAKES),
        Wrong(_pops, "changes `matrices`", silent=True),
        Wrong(lambda *case: right_memory(*case) / 1e6, "must be 5160, got 0.0052", silent=True),
        Wrong(lambda *case: [right_memory(*case), 0], "must be one number"),
    ],
)
