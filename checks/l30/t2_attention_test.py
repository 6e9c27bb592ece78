"""30.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l30.t2_attention import NAN, right
from checks.proof import Proof, Wrong


def _at_once(Q: np.ndarray, K: np.ndarray, V: np.ndarray, there: np.ndarray, heads: int) -> Any:
    n, d = Q.shape
    q, k, v = (x.reshape(n, heads, d // heads).transpose(1, 0, 2) for x in (Q, K, V))
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(d // heads)
    scores = np.where(there[None, None, :], scores, -1e12)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (e / e.sum(axis=-1, keepdims=True)) @ v
    return mixed.transpose(1, 0, 2).reshape(n, d)


def _by_loops(Q: np.ndarray, K: np.ndarray, V: np.ndarray, there: np.ndarray, heads: int) -> Any:
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


def _one_nan(*case: Any) -> Any:
    result = right(*case)
    result[0, 0] = np.nan
    return result


PROOF = Proof(
    task="30.2",
    right=[_at_once, _by_loops],
    wrong=[
        *(Wrong(answer, f"holds nan. It looks as if {says}") for says, answer in NAN.items()),
        Wrong(_one_nan, "must not hold nan"),
        Wrong(right.in_place("V[~there] = 0"), "changes `V`", silent=True),
        Wrong(right.returning("result[0]"), "must have shape"),
    ],
)
