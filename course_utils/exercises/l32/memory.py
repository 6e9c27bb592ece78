"""Task 32.3: the memory of training, for what is trained and what is frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_CASES: list[Case] = [
    (1_000, [(10, 20)], 2, 50),
    (22_565_376, [(384, 384)] * 12, 8, 1_000_000),
    (1_000, [(10, 20)], 0, 50),
    (1_000, [], 4, 50),
    (500, [(30, 5), (5, 30), (7, 7)], 1, 0),
    (0, [(6, 4)], 3, 10),
    (90_000, [(64, 256), (256, 64)], 16, 20_000),
    (0, [(2, 3)], 10, 0),
    # A model of a billion weights: its bytes do not fit into 32 bits.
    (1_000_000_000, [(4_096, 4_096)], 8, 0),
]


def _adapter(matrices: Any, rank: int) -> int:
    return sum(rank * (a + b) for a, b in matrices)


def right_memory(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    trained = _adapter(matrices, rank)
    return 4 * (frozen + trained) + 4 * trained + 8 * trained + 4 * activations


def _with(frozen: float, trained: float, activations: float = 4.0) -> Callable[..., Any]:
    """Bytes a frozen weight, a trained one, an activation."""

    def run(n: int, matrices: Any, rank: int, held: int) -> float:
        return frozen * n + trained * _adapter(matrices, rank) + activations * held

    return run


def _square(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    return 4 * frozen + 16 * sum(rank * a * b for a, b in matrices) + 4 * activations


def _one_side(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    return 4 * frozen + 16 * sum(rank * a for a, _ in matrices) + 4 * activations


def _one_matrix(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    return right_memory(frozen, matrices[:1], rank, activations)


def _full(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    return 4 * frozen + 16 * sum(a * b for a, b in matrices) + 4 * activations


def _capped(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    trained = sum(min(rank, a, b) * (a + b) for a, b in matrices)
    return 4 * (frozen + activations) + 16 * trained


def _narrow(frozen: int, matrices: Any, rank: int, activations: int) -> int:
    return int(np.int64(right_memory(frozen, matrices, rank, activations)).astype(np.int32))


MISTAKES: dict[str, Callable[..., Any]] = {
    "a frozen weight is given a gradient and two moments; it has none": _with(16, 16),
    "a frozen weight is left out; it is not trained, but it is kept": _with(0, 16),
    "one number of a trained weight is missing: itself, its gradient, two moments are four": (
        _with(4, 12)
    ),
    "a frozen weight is given two moments; they exist for what is trained": _with(12, 16),
    "the optimizer is left out: two moments a trained weight": _with(4, 8),
    "activations are left out; the backward computation needs them": _with(4, 16, 0),
    "an adapter is counted as r times the whole matrix; it is r rows and r columns": _square,
    "only one of the adapter's two matrices is counted": _one_side,
    "one matrix has an adapter; all in the list have one": _one_matrix,
    "the whole matrices are trained; only their adapters are": _full,
    "the rank is cut to the matrix's sides; it is as given": _capped,
    "the bytes are kept in 32 bits and run over": _narrow,
    "these are numbers, not bytes: 4 bytes each": _with(1, 4, 1),
}


def check_memory(answer: Any) -> None:
    compare(
        leaving(answer, ("frozen", "matrices", "rank", "activations"), _told),
        _CASES,
        right_memory,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    if len(case[1]) > 4:
        return f"training_bytes({case[0]}, 12 matrices of 384 x 384, {case[2]}, {case[3]})"
    return call_of("training_bytes", case)


TASK = Task(
    id="32.3",
    prompt="Return the bytes that training with adapters needs.",
    check_answer=check_memory,
    hints=(
        "Four things stand in memory: weights, gradients, moments, activations. Which of them "
        "does a frozen weight have?",
        "An adapter of a d x h matrix has r d + r h weights. A trained weight needs itself, a "
        "gradient and two moments.",
        "trained = sum(rank * (a + b) for a, b in matrices); "
        "return 4 * frozen + 16 * trained + 4 * activations.",
    ),
    insight="LoRA takes away gradients and moments of what is frozen. The weights stay, and most "
    "activations.",
)
