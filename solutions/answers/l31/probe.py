"""Task 31.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l31.probe import MISTAKES, right_probe


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


def _writes(vectors: Any, cells: Any, centres: Any, query: Any, n_probe: int, k: int) -> Any:
    found = right_probe(vectors, cells, centres, query, n_probe, k)
    vectors[0] = 9.0
    return found


def _filled(*case: Any) -> Any:
    """Always k numbers."""
    found, products = right_probe(*case)
    rest = [row for row in range(len(case[0])) if row not in found]
    return (found + rest)[: case[-1]], products


PROOF = Proof(
    task="31.5",
    right=[_loop, _masked, right_probe],
    wrong=[
        *silent(MISTAKES),
        Wrong(_writes, "changes `vectors`", silent=True),
        Wrong(_filled, "must be ([4, 0], 5), got ([4, 0, 1], 5)", silent=True),
        Wrong(lambda *case: right_probe(*case)[0][:1], "must be two things"),
        Wrong(lambda *case: ([0.5], 3), "whole numbers"),
        Wrong(lambda *case: (right_probe(*case)[0], 7.9), "must be a whole number"),
    ],
)
