"""Task 50.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.stop import LAST, MISTAKES, stop


def _by_lowest_so_far(losses: list[float], patience: int) -> Any:
    kept = [int(np.argmin(losses[:epoch])) + 1 for epoch in range(1, len(losses) + 1)]
    for epoch, best in enumerate(kept, start=1):
        if epoch - best == patience:
            return epoch, best
    return len(losses), kept[-1]


def _by_waiting(losses: list[float], patience: int) -> Any:
    waited, best, at, ran = 0, float("inf"), 0, 0
    while ran < len(losses) and waited < patience:
        ran += 1
        if losses[ran - 1] < best:
            best, at, waited = losses[ran - 1], ran, 0
        else:
            waited += 1
    return np.array([ran, at])


PROOF = Proof(
    task="50.7",
    right=[_by_lowest_so_far, _by_waiting],
    wrong=[
        *(
            Wrong(answer, f"{says}.", erratum="E41" if LAST in says else None, silent=True)
            for says, answer in MISTAKES.items()
        ),
        Wrong(lambda losses, patience: stop(losses, patience)[1], "a pair (ran, kept)"),
        Wrong(
            lambda losses, patience: (stop(losses, patience)[0], min(losses)),
            "at place 1 it must be 2, got 0.3000",
            silent=True,
        ),
    ],
)
