"""53.10: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from checks.l53.t10_two_towers import OFF_DIAGONAL, right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="53.10",
    right=[_row_by_row, _as_table],
    wrong=[
        Wrong(
            right.edit({"logits -= logits.max(axis=1, keepdims=True)": "pass"}),
            "must be a finite number, got inf",
        ),
        Wrong(
            right.edit({f" & {OFF_DIAGONAL}": ""}),
            "got infinity. Is a row's own product masked",
        ),
        Wrong(
            right.edit({"np.log(q)": "np.log(q)[:, None]"}),
            "must be 0.7026, got 0.5557",
            silent=True,
        ),
        Wrong(
            right.in_place("user /= np.linalg.norm(user, axis=1, keepdims=True)"),
            "your function changes `user`",
            silent=True,
        ),
    ],
)
