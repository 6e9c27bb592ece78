"""Task 53.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l53.attention import MISTAKES, by, right_attention


def _head_by_head(x: Any, mask: Any, wq: Any, wk: Any, wv: Any, heads: int) -> Any:
    out, width = np.zeros(x.shape), x.shape[2] // heads
    for row in range(len(x)):
        for h in range(heads):
            at = slice(h * width, (h + 1) * width)
            q, k, v = (x[row] @ w[:, at] for w in (wq, wk, wv))
            for t in np.flatnonzero(mask[row]):
                seen = [s for s in range(t + 1) if mask[row, s]]
                scores = k[seen] @ q[t] / np.sqrt(width)
                shares = np.exp(scores - scores.max())
                out[row, t, at] = shares / shares.sum() @ v[seen]
    return out.tolist()


def _with_einsum(x: Any, mask: Any, wq: Any, wk: Any, wv: Any, heads: int) -> Any:
    n, t, d = x.shape
    q, k, v = ((x @ w).reshape(n, t, heads, d // heads) for w in (wq, wk, wv))
    scores = np.einsum("nshc,nrhc->nhsr", q, k) / np.sqrt(d // heads)
    seen = np.tri(t, dtype=bool) & mask[:, None, None, :]
    scores = np.where(seen, scores, -1e30)
    shares = np.exp(scores - scores.max(axis=3, keepdims=True))
    shares /= shares.sum(axis=3, keepdims=True)
    return np.einsum("nhsr,nrhc->nshc", shares, v).reshape(n, t, d) * mask[:, :, None]


def _adds(x: Any, mask: Any, wq: Any, wk: Any, wv: Any, heads: int) -> Any:
    """A number far below all scores is added to what may not be read."""
    found = by(hide=lambda scores: scores - 1e9)(x, mask, wq, wk, wv, heads)
    return np.where(mask[:, :, None], found, 0.0)


def _nan(x: Any, mask: Any, *rest: Any) -> Any:
    """-inf in a row in which nothing may be read."""
    return np.where(mask.all(axis=1)[:, None, None], right_attention(x, mask, *rest), np.nan)


def _in_place(x: Any, mask: Any, *rest: Any) -> Any:
    found = right_attention(x, mask, *rest)
    x[~mask] = 0
    return found


PROOF = Proof(
    task="53.7",
    right=[_head_by_head, _with_einsum, _adds],
    wrong=[
        *silent(MISTAKES),
        Wrong(
            by(hide=lambda scores: np.full(scores.shape, -1e5)),
            "got -400. It looks as if what may not be read has a score such as",
            silent=True,
        ),
        Wrong(
            by(hide=lambda scores: scores - 1e6),
            "got 900. It looks as if a number such as -1e4 is added",
            silent=True,
        ),
        Wrong(_in_place, "your function changes `x`", silent=True),
        Wrong(_nan, "must not hold nan. exp of thousands is infinite"),
        Wrong(lambda *case: right_attention(*case).round(2), "rounded to 2 decimals", silent=True),
        Wrong(
            lambda *case: right_attention(*case)[0], "must have shape (1, 3, 1), got shape (3, 1)"
        ),
    ],
)
