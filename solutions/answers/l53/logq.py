"""Task 53.10: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.logq import MISTAKES, by, right_logq


def _row_by_row(user: Any, item: Any, ids: Any, q: Any, tau: float) -> Any:
    losses = []
    for i in range(len(user)):
        scores = [
            float(user[i] @ item[j]) / (math.hypot(*user[i]) * math.hypot(*item[j]) * tau)
            - math.log(q[j])
            for j in range(len(item))
            if j == i or ids[j] != ids[i]
        ]
        own = float(user[i] @ item[i]) / (math.hypot(*user[i]) * math.hypot(*item[i]) * tau)
        top = max(scores)
        total = top + math.log(sum(math.exp(s - top) for s in scores))
        losses.append(total - own + math.log(q[i]))
    return np.mean(losses)


def _as_table(user: Any, item: Any, ids: Any, q: Any, tau: float) -> Any:
    cosine = (
        user @ item.T / np.outer(np.sqrt((user**2).sum(axis=1)), np.sqrt((item**2).sum(axis=1)))
    )
    s = cosine / tau - np.log(q)
    s[(ids[:, None] == ids) & ~np.eye(len(ids), dtype=bool)] = -1e30
    s -= s.max(axis=1, keepdims=True)
    return (np.log(np.exp(s).sum(axis=1)) - s.diagonal()).mean()


def _overflow(user: Any, item: Any, ids: Any, q: Any, tau: float) -> Any:
    """No maximum is subtracted."""
    value = right_logq(user, item, ids, q, tau)
    return np.inf if tau < 0.01 else value


def _in_place(user: Any, item: Any, ids: Any, q: Any, tau: float) -> Any:
    value = right_logq(user, item, ids, q, tau)
    user /= np.linalg.norm(user, axis=1, keepdims=True)
    return value


PROOF = Proof(
    task="53.10",
    right=[_row_by_row, _as_table],
    wrong=[
        *silent(MISTAKES),
        Wrong(_overflow, "must be a finite number, got inf"),
        Wrong(by(twins="all out"), "got infinity. Is a row's own product masked"),
        Wrong(by(side="rows"), "must be 0.7026, got 0.5557", silent=True),
        Wrong(_in_place, "your function changes `user`", silent=True),
        Wrong(lambda *case: round(right_logq(*case), 3), "rounded to 3 decimals", silent=True),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
