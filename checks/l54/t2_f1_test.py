"""54.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from checks.l54.t2_f1 import right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="54.2",
    right=[_whole, _loop],
    wrong=[
        Wrong(_overflow, "with 200 rows", silent=True),
        Wrong(_differences, "np.uint8", silent=True),
        Wrong(_no_guard, "must be a finite number", silent=True),
        Wrong(right.in_place("[y.fill(0) for y, _ in batches]"), "changes `batches`", silent=True),
        Wrong(right.returning("[result] * 2"), "must be one number"),
    ],
)
