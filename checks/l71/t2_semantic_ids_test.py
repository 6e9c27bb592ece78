"""71.2: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l71.t2_semantic_ids import CENTRES, START, right
from checks.proof import Proof, Wrong


def _loops(vectors: Any, books: Any) -> Any:
    codes, left, whole = [], 0.0, 0.0
    for vector in vectors.tolist():
        rest, row = [float(one) for one in vector], []
        whole += sum(one * one for one in rest)
        for book in books:
            apart = [
                sum((a - float(b)) ** 2 for a, b in zip(rest, centre, strict=True))
                for centre in book.tolist()
            ]
            row.append(apart.index(min(apart)))
            rest = [a - float(b) for a, b in zip(rest, book[row[-1]].tolist(), strict=True)]
        codes.append(tuple(row))
        left += sum(one * one for one in rest)
    return codes, left / whole, sum(codes.count(one) > 1 for one in codes) / len(codes)


def _unique(vectors: Any, books: Any) -> Any:
    rest = vectors.astype(float)
    codes = np.empty((len(rest), len(books)), dtype=int)
    for level, book in enumerate(books):
        apart = np.linalg.norm(rest[:, None, :] - book[None].astype(float), axis=-1)
        codes[:, level] = apart.argmin(axis=1)
        rest -= book[codes[:, level]]
    _, which, times = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    left = np.square(rest).sum() / np.square(vectors.astype(float)).sum()
    return codes, left, np.mean(times[which.ravel()] > 1)


PROOF = Proof(
    task="71.2",
    right=[_loops, _unique],
    wrong=[
        Wrong(right.in_place("vectors[...] = 0"), "changes `vectors`", silent=True),
        # Differences in the type that came: 30 - 255 is 31 in eight bits.
        Wrong(right.edit({START: "vectors", CENTRES: "book"}), "dtype=np.uint8", silent=True),
        Wrong(right.returning("result[:2]"), "(codes, left, shared)"),
        Wrong(right.returning("(result[0].T, *result[1:])"), "codes must have shape"),
    ],
)
