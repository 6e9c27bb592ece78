"""54.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from checks.l54.t5_suspects import EQUAL, STAYED, right
from checks.proof import Proof, Wrong


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


def _grouped(before: Any, after: Any) -> Any:
    """Pairs group by group, so not sorted where two groups interlock."""
    found = right(before, after)
    first = {b: a for a, b in reversed(found["twins"])}
    found["twins"].sort(key=lambda pair: (first.get(pair[0], pair[0]), pair))
    return found


NEARLY = {
    STAYED: "np.allclose(before[name], after[name])",
    EQUAL: "after[name].shape == after[other].shape and np.allclose(after[name], after[other])",
}
BY_LENGTH = {STAYED: "np.linalg.norm(before[name]) == np.linalg.norm(after[name])"}
BROADCAST = {EQUAL: "len(after[name]) == len(after[other]) and np.all(after[name] == after[other])"}
# Twins only where they began as twins.
ALWAYS = {EQUAL: f"{EQUAL} and np.array_equal(before[name], before[other])"}
# Believes that both dictionaries have one order.
BY_PLACE = right.first("before = dict(zip(after, before.values()))")

PROOF = Proof(
    task="54.5",
    right=[_combinations, _by_bytes],
    wrong=[
        Wrong(right.edit(NEARLY), "1.000000000001", silent=True),
        Wrong(right.edit(BY_LENGTH), "[4.0, 3.0]", silent=True),
        Wrong(right.edit(BROADCAST), "[[7.0, 7.0, 7.0]]", silent=True),
        Wrong(right.edit(ALWAYS), "('a', 'b')", silent=True),
        Wrong(BY_PLACE, "'b': np.array([1.0])", silent=True),
        Wrong(_grouped, "got [('a', 'c'), ('a', 'd'), ('c', 'd')", silent=True),
        Wrong(right.in_place("after.clear()"), "changes `after`", silent=True),
        Wrong(right.returning("result['frozen']"), "must be a dictionary"),
        Wrong(right.returning("{**result, 'twins': ['e0', 'gate']}"), "must be pairs of names"),
    ],
)
