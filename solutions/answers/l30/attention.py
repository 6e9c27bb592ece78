"""Task 30.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l30.attention import MISTAKES, NAN, Numbers, attention


def _at_once(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Any:
    n, d = Q.shape
    q, k, v = (x.reshape(n, heads, d // heads).transpose(1, 0, 2) for x in (Q, K, V))
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(d // heads)
    scores = np.where(there[None, None, :], scores, -1e12)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (e / e.sum(axis=-1, keepdims=True)) @ v
    return mixed.transpose(1, 0, 2).reshape(n, d)


def _by_loops(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Any:
    n, d = Q.shape
    each, found = d // heads, np.zeros(Q.shape)
    for h in range(heads):
        part = slice(h * each, (h + 1) * each)
        for i in range(n):
            seen = np.flatnonzero(there)
            scores = K[seen, part] @ Q[i, part] / each**0.5
            e = np.exp(scores - scores.max())
            found[i, part] = (e / e.sum()) @ V[seen, part]
    return found.tolist()


def _hides_in_place(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Any:
    V[~there] = 0.0
    return attention(Q, K, V, there, heads)


def _one_nan(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Any:
    found = attention(Q, K, V, there, heads)
    found[0, 0] = np.nan
    return found


PROOF = Proof(
    task="30.2",
    right=[_at_once, _by_loops],
    wrong=[
        *silent(MISTAKES),
        *(Wrong(answer, f"holds nan. It looks as if {says}") for says, answer in NAN.items()),
        Wrong(_one_nan, "must not hold nan"),
        Wrong(_hides_in_place, "changes `V`", silent=True),
        Wrong(lambda *case: attention(*case)[0], "must have shape"),
        Wrong(lambda *case: attention(*case).round(3), "rounded to 3 decimals", silent=True),
    ],
)
