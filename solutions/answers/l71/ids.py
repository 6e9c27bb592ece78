"""Task 71.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l71.ids_slips import MISTAKES, right_ids


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


def _in_place(vectors: Any, books: Any) -> Any:
    found = right_ids(vectors, books)
    vectors[...] = 0
    return found


def _small_type(vectors: Any, books: Any) -> Any:
    """Differences in the type that came: 30 - 255 is 31 in eight bits."""
    if vectors.dtype != np.uint8:
        return right_ids(vectors, books)
    rest, codes = vectors, []
    for book in books:
        codes.append(((rest[:, None] - book) ** 2).sum(axis=2).argmin(axis=1))
        rest = rest - book[codes[-1]]
    whole = (vectors.astype(float) ** 2).sum()
    return np.stack(codes, axis=1), float((rest.astype(float) ** 2).sum() / whole), 0.0


PROOF = Proof(
    task="71.2",
    right=[_loops, _unique, right_ids],
    wrong=[
        *silent(MISTAKES),
        Wrong(_in_place, "changes `vectors`", silent=True),
        Wrong(_small_type, "dtype=np.uint8", silent=True),
        Wrong(lambda *case: right_ids(*case)[:2], "(codes, left, shared)"),
        Wrong(
            lambda *case: (right_ids(*case)[0].T, *right_ids(*case)[1:]), "codes must have shape"
        ),
    ],
)
