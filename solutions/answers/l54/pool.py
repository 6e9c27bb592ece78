"""Task 54.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l54.pool import MISTAKES, right_pool


def _masked(ids: Any, table: Any) -> Any:
    values = np.ma.array(table[ids], mask=np.repeat((ids == 0)[..., None], table.shape[1], axis=2))
    return values.max(axis=1).filled(0.0) if len(ids) else np.zeros((0, table.shape[1]))


def _loop(ids: Any, table: Any) -> Any:
    found = np.zeros((len(ids), table.shape[1]))
    for row, title in enumerate(ids):
        real = [table[one] for one in title if one]
        if real:
            found[row] = np.max(real, axis=0)
    return found


def _infinite(ids: Any, table: Any) -> Any:
    return np.where((ids > 0)[..., None], table[ids], -np.inf).max(axis=1)


def _changes(ids: Any, table: Any) -> Any:
    found = right_pool(ids, table)
    table[0] = -np.inf
    return found


def _filled(padding: float) -> Any:
    def pool(ids: Any, table: Any) -> Any:
        best = np.where((ids > 0)[..., None], table[ids], padding).max(axis=1)
        return np.where((ids > 0).any(axis=1)[:, None], best, 0.0) if len(ids) else best

    return pool


def _added(ids: Any, table: Any) -> Any:
    """The usual mask of attention: a large negative number on top."""
    best = (table[ids] + (ids == 0)[..., None] * -1e9).max(axis=1)
    return np.where((ids > 0).any(axis=1)[:, None], best, 0.0)


def _multiplied(ids: Any, table: Any) -> Any:
    """Right but where row 0 holds nan: 0 times nan."""
    real = (ids > 0)[..., None]
    best = (np.where(real, 0.0, -np.inf) + table[ids] * real).max(axis=1)
    return np.where((ids > 0).any(axis=1)[:, None], best, 0.0)


PROOF = Proof(
    task="54.3",
    right=[_masked, _loop, right_pool],
    wrong=[
        *silent(MISTAKES),
        Wrong(_infinite, "-inf", silent=True),
        Wrong(_filled(-10.0), "must be -2e+37, got -10.", silent=True),
        Wrong(_filled(-1e9), "must be -2e+37, got -1e+09.", silent=True),
        Wrong(_filled(-1e30), "must be -2e+37, got -1e+30.", silent=True),
        Wrong(_added, "got 1e+300", silent=True),
        Wrong(_multiplied, "0 times nan is nan", silent=True),
        Wrong(_changes, "changes `table`", silent=True),
        Wrong(lambda ids, table: right_pool(ids, table).T, "got shape (2, 1)"),
        Wrong(lambda ids, table: right_pool(ids, table)[0], "must have shape"),
    ],
)
