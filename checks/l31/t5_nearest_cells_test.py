"""31.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l31.t5_nearest_cells import right
from checks.proof import Proof, Wrong


def _loop(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    def product(one: Any) -> Any:
        return sum(a * b for a, b in zip(one, query, strict=True))

    opened = sorted(range(len(centres)), key=lambda c: (-product(centres[c]), c))[:n_probe]
    rows = [row for row in range(len(vectors)) if cells[row] in opened]
    best = sorted(rows, key=lambda row: (-product(vectors[row]), row))[:k]
    return best, len(centres) + len(rows)


def _masked(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    opened = np.argsort(-(centres @ query), kind="stable")[:n_probe]
    scores = np.where(np.isin(cells, opened), vectors @ query, -np.inf)
    order = np.argsort(-scores, kind="stable")[:k]
    there = int(np.isfinite(scores).sum())
    return order[np.isfinite(scores[order])], np.int64(there + len(centres))


# Always k numbers.
FILLED = right.returning(
    "([*result[0], *(row for row in range(len(vectors)) if row not in result[0])][:k], result[1])"
)

PROOF = Proof(
    task="31.5",
    right=[_loop, _masked],
    wrong=[
        Wrong(right.in_place("vectors[0] = 9.0"), "changes `vectors`", silent=True),
        Wrong(FILLED, "must be ([4, 0], 5), got ([4, 0, 1], 5)", silent=True),
        Wrong(right.returning("list(result[0][:1])"), "must be two things"),
        Wrong(right.returning("([0.5], 3)"), "whole numbers"),
        Wrong(right.returning("(result[0], 7.9)"), "must be a whole number"),
    ],
)
