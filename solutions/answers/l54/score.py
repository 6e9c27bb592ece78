"""Task 54.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from answers import Proof, Wrong, silent
from course_utils.exercises.l54.score import MISTAKES, right_score


def _whole(batches: Any) -> Any:
    if not sum(len(y) for y, _ in batches):
        return 0
    y, given = (np.concatenate([np.asarray(one[k], int) for one in batches]) for k in (0, 1))
    return f1_score(y, given, zero_division=0)


def _loop(batches: Any) -> Any:
    true = wrong = 0
    for y, given in batches:
        for a, b in zip(y, given, strict=True):
            true += bool(a) and bool(b)
            wrong += bool(a) != bool(b)
    return 2 * true / (2 * true + wrong) if true + wrong else 0.0


def _overflow(batches: Any) -> Any:
    true = labels = given = 0
    for y, g in batches:
        true = true + (y * g).sum(dtype=y.dtype)
        labels = labels + y.sum(dtype=y.dtype)
        given = given + g.sum(dtype=y.dtype)
    return 2 * float(true) / (float(labels) + float(given)) if len(batches) and true else 0.0


def _differences(batches: Any) -> Any:
    """Right but for unsigned integers: 0 - 1 is 255 there."""
    true = wrong = 0
    for y, g in batches:
        y, g = y * 1, g * 1
        true += (y * g).sum(dtype=int)
        wrong += np.abs(y - g).sum()
    return 2 * true / (2 * true + wrong) if true + wrong else 0.0


def _no_guard(batches: Any) -> Any:
    y, given = (np.concatenate([[0], *[one[k] for one in batches]]) for k in (0, 1))
    return 2 * (y * given).sum() / (y.sum() + given.sum())


def _changes(batches: Any) -> Any:
    found = right_score(batches)
    for y, _ in batches:
        y[:] = 0
    return found


PROOF = Proof(
    task="54.2",
    right=[_whole, _loop, right_score],
    wrong=[
        *silent(MISTAKES),
        Wrong(_overflow, "with 200 rows", silent=True),
        Wrong(_differences, "np.uint8", silent=True),
        Wrong(_no_guard, "must be a finite number", silent=True),
        Wrong(_changes, "changes `batches`", silent=True),
        Wrong(lambda batches: [right_score(batches)] * 2, "must be one number"),
    ],
)
