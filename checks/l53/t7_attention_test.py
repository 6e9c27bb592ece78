"""53.7: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l53.t7_attention import HIDDEN, SCORES, right
from checks.proof import Proof, Wrong


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


PROOF = Proof(
    task="53.7",
    right=[_head_by_head, _with_einsum, right.edit({HIDDEN: f"{SCORES} - 1e9 * ~seen"})],
    wrong=[
        Wrong(
            right.edit({"-1e30": "-1e5"}),
            "got -400. It looks as if what may not be read has a score such as",
            silent=True,
        ),
        Wrong(
            right.edit({HIDDEN: f"{SCORES} - 1e6 * ~seen"}),
            "got 900. It looks as if a number such as -1e4 is added",
            silent=True,
        ),
        Wrong(right.in_place("x[~mask] = 0"), "your function changes `x`", silent=True),
        Wrong(
            right.returning("np.where(mask.all(axis=1)[:, None, None], result, np.nan)"),
            "must not hold nan. exp of thousands is infinite",
        ),
        Wrong(right.returning("result[0]"), "must have shape (1, 3, 1), got shape (3, 1)"),
    ],
)
