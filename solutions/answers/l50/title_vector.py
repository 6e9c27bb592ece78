"""Task 50.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.title_vector import (
    MISTAKES,
    PADDING,
    SHORT,
    Numbers,
    title_vector,
)


def _by_loops(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Any:
    known = [int(one) for one in ids if one]
    k, best = len(W), np.zeros(len(b))
    for t in range(len(known)):
        h = b.astype(float).copy()
        for j in range(k):
            at = t + j - k // 2
            if 0 <= at < len(known):
                h = h + E[known[at]] @ W[j]
        best = np.maximum(best, h)
    return best


def _by_windows(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Any:
    """Padding is cut off first: a title is its tokens."""
    e = E[ids[ids != 0]]
    if len(e) == 0:
        return [0.0] * len(b)
    half = len(W) // 2
    padded = np.vstack([np.zeros((half, E.shape[1])), e, np.zeros((half, E.shape[1]))])
    windows = np.stack([padded[t : t + len(W)].ravel() for t in range(len(e))])
    return np.maximum(windows @ W.reshape(-1, len(b)) + b, 0).max(axis=0).tolist()


def _all_positions(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Any:
    return np.stack([title_vector(ids, E, W, b)] * len(ids))


def _minus_infinity(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Any:
    if not ids.any():
        return np.full(len(b), -np.inf)
    return title_vector(ids, E, W, b)


def _as_the_article(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Any:
    """Whole windows of all that stands there, padding too."""
    e, k = E[ids], len(W)
    h = [sum(e[t + j] @ W[j] for j in range(k)) + b for t in range(len(e) - k + 1)]
    return np.maximum(h, 0).max(axis=0) if h else np.max(np.empty((0, len(b))), axis=0)


ERRATA = {PADDING: "E37", SHORT[: len(PADDING)]: "E43"}

PROOF = Proof(
    task="50.6",
    right=[_by_loops, _by_windows],
    wrong=[
        *(
            Wrong(answer, f"{says}.", erratum=ERRATA.get(says[: len(PADDING)]), silent=True)
            for says, answer in MISTAKES.items()
        ),
        Wrong(_as_the_article, "zero-size array", erratum="E43", status="error"),
        Wrong(_all_positions, "one number a filter"),
        Wrong(_minus_infinity, "it holds infinity"),
    ],
)
