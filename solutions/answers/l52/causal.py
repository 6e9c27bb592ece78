"""Task 52.10: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax

from answers import Proof, Wrong, silent
from course_utils.exercises.l52.causal import (
    MISTAKES,
    down_columns,
    overflowing,
    right_attention,
)


def _step_by_step(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> Any:
    y = np.zeros((len(x), np.shape(wv)[1]))
    for i in range(len(x)):
        if mask[i]:
            seen = [j for j in range(i + 1) if mask[j]]
            scores = np.array([(x[i] @ wq) @ (x[j] @ wk) for j in seen]) / np.sqrt(wk.shape[1])
            y[i] = softmax(scores) @ np.array([x[j] @ wv for j in seen])
    return y


def _cut_to_length(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> Any:
    """Padding on the right is cut off, and put back as zeros."""
    n = int(np.sum(mask))
    z = np.asarray(x, dtype=float)[:n]
    s = (z @ wq @ (z @ wk).T) / wk.shape[1] ** 0.5
    s[np.triu_indices(n, 1)] = -np.inf
    return np.vstack([softmax(s, axis=1) @ (z @ wv), np.zeros((len(x) - n, np.shape(wv)[1]))])


def _pools(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> Any:
    return right_attention(x, mask, wq, wk, wv).sum(axis=0)


def _no_padding_mask(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> Any:
    """Causal alone; right padding is never seen, left padding would be."""
    return right_attention(x, np.ones(len(x)), wq, wk, wv)


def _mean_of_past(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> Any:
    return right_attention(x, mask, 0 * wq, 0 * wk, wv)


PROOF = Proof(
    task="52.10",
    right=[_step_by_step, _cut_to_length],
    wrong=[
        *silent(MISTAKES),
        Wrong(overflowing, "Subtract each row's maximum"),
        Wrong(down_columns, "a column of padding has nothing"),
        Wrong(_mean_of_past, "column 0 it must be -1.9998, got 0", silent=True),
        Wrong(_no_padding_mask, "column 0 it must be 0, got 3.6667", silent=True),
        Wrong(_pools, "must have shape"),
    ],
)
