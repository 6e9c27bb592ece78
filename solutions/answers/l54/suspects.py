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


def _nearly(before: Any, after: Any) -> Any:
    """Both comparisons by np.allclose."""
    names = sorted(after)
    pairs = itertools.combinations(names, 2)
    return {
        "frozen": [n for n in names if np.allclose(before[n], after[n])],
        "twins": [
            (a, b)
            for a, b in pairs
            if after[a].shape == after[b].shape and np.allclose(after[a], after[b])
        ],
    }


def _by_length(before: Any, after: Any) -> Any:
    found = right_suspects(before, after)
    norm = np.linalg.norm
    found["frozen"] = [n for n in sorted(after) if norm(before[n]) == norm(after[n])]
    return found


def _broadcast(before: Any, after: Any) -> Any:
    found = right_suspects(before, after)
    found["twins"] = [
        (a, b)
        for a, b in itertools.combinations(sorted(after), 2)
        if len(after[a]) == len(after[b]) and np.all(after[a] == after[b])
    ]
    return found


def _always_twins(before: Any, after: Any) -> Any:
    """Twins only where they began as twins."""
    found = right_suspects(before, after)
    found["twins"] = [(a, b) for a, b in found["twins"] if np.array_equal(before[a], before[b])]
    return found


def _side_by_side(before: Any, after: Any) -> Any:
    """Believes that both dictionaries have one order."""
    found = right_suspects(before, after)
    rows = zip(before.items(), after.values(), strict=True)
    found["frozen"] = sorted(name for (name, old), new in rows if np.array_equal(old, new))
    return found


def _grouped(before: Any, after: Any) -> Any:
    """Pairs group by group, so not sorted where two groups interlock."""
    found = right_suspects(before, after)
    first = {b: a for a, b in reversed(found["twins"])}
    found["twins"].sort(key=lambda pair: (first.get(pair[0], pair[0]), pair))
    return found


def _changes(before: Any, after: Any) -> Any:
    found = right_suspects(before, after)
    after.clear()
    return found


PROOF = Proof(
    task="54.5",
    right=[_combinations, _by_bytes, right_suspects],
    wrong=[
        *silent(MISTAKES),
        Wrong(_nearly, "1.000000000001", silent=True),
        Wrong(_by_length, "[4.0, 3.0]", silent=True),
        Wrong(_broadcast, "[[7.0, 7.0, 7.0]]", silent=True),
        Wrong(_always_twins, "('a', 'b')", silent=True),
        Wrong(_side_by_side, "'b': np.array([1.0])", silent=True),
        Wrong(_grouped, "got [('a', 'c'), ('a', 'd'), ('c', 'd')", silent=True),
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
