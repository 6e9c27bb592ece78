"""Task 54.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l54.suspects import MISTAKES, right_suspects


def _combinations(before: Any, after: Any) -> Any:
    def same(a: Any, b: Any) -> bool:
        return a.shape == b.shape and bool((a == b).all())

    return {
        "twins": [
            list(pair)
            for pair in itertools.combinations(sorted(after), 2)
            if same(after[pair[0]], after[pair[1]])
        ],
        "frozen": np.array([n for n in sorted(before) if same(before[n], after[n])]),
    }


def _by_bytes(before: Any, after: Any) -> Any:
    keys = {name: (one.shape, one.tobytes()) for name, one in after.items()}
    names = sorted(after)
    return {
        "frozen": [n for n in names if keys[n][1] == before[n].tobytes()],
        "twins": [(a, b) for a in names for b in names if a < b and keys[a] == keys[b]],
    }


def _changes(before: Any, after: Any) -> Any:
    found = right_suspects(before, after)
    after.clear()
    return found


PROOF = Proof(
    task="54.5",
    right=[_combinations, _by_bytes, right_suspects],
    wrong=[
        *silent(MISTAKES),
        Wrong(_changes, "changes `after`", silent=True),
        Wrong(
            lambda before, after: right_suspects(before, after)["frozen"], "must be a dictionary"
        ),
        Wrong(
            lambda before, after: right_suspects(before, after) | {"twins": ["e0", "gate"]},
            "must be pairs of names",
        ),
    ],
)
