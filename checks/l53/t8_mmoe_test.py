"""53.8: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit, softmax

from checks.l53.t8_mmoe import right
from checks.proof import Proof, Wrong


def _task_by_task(x: Any, w_e: Any, b_e: Any, w_g: Any, w_t: Any, b_t: Any) -> Any:
    f = [np.maximum(x @ w + b, 0) for w, b in zip(w_e, b_e, strict=True)]
    columns = []
    for gate, w, b in zip(w_g, w_t, b_t, strict=True):
        g = softmax(x @ gate, axis=1)
        mixed = sum(g[:, [i]] * one for i, one in enumerate(f))
        columns.append(expit(mixed @ w + b))
    return np.stack(columns, axis=1)


def _row_by_row(x: Any, w_e: Any, b_e: Any, w_g: Any, w_t: Any, b_t: Any) -> Any:
    found = np.empty((len(x), len(w_t)))
    for n, row in enumerate(x):
        f = np.maximum(np.tensordot(row, w_e, axes=(0, 1)) + b_e, 0)
        for k in range(len(w_t)):
            scores = row @ w_g[k]
            g = np.exp(scores - scores.max())
            found[n, k] = expit(g @ f @ w_t[k] / g.sum() + b_t[k])
    return found


PROOF = Proof(
    task="53.8",
    right=[_task_by_task, _row_by_row],
    wrong=[
        Wrong(
            right.edit({" - g.max(axis=2, keepdims=True)": ""}),
            "must not hold nan. exp of thousands is infinite",
        ),
        Wrong(right.returning("result.T"), "must have shape (1, 2), got shape (2, 1)"),
        Wrong(right.returning("result[:, 0]"), "must have shape (1, 2), got shape (1,)"),
    ],
)
