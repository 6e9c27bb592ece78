"""10.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.l10.t1_recall import right
from checks.proof import Proof, Wrong

Lists = dict[str, list[str]]
Wanted = dict[str, set[str]]


def _with_loops(ranked: Lists, wanted: Wanted, k: int) -> float:
    total, people = 0.0, 0
    for user, theirs in wanted.items():
        if len(theirs) == 0:
            continue
        people += 1
        for product in ranked.get(user, [])[:k]:
            total += (product in theirs) / len(theirs)
    return total / people if people else 0.0


def _with_pandas(ranked: Lists, wanted: Wanted, k: int) -> Any:
    rows = [(user, one) for user, theirs in wanted.items() for one in theirs]
    if not rows:
        return 0
    table = pd.DataFrame(rows, columns=["user", "product"])
    places = [(user, one) for user, best in ranked.items() for one in best[:k]]
    table["hit"] = [row in set(places) for row in rows]
    return table.groupby("user")["hit"].mean().mean()


PROOF = Proof(
    task="10.1",
    right=[_with_loops, _with_pandas],
    wrong=[
        Wrong(right.returning("round(result, 6)"), "to 6 decimals", silent=True),
        Wrong(right.first("k = min(k, 10)"), "must be 0.0833, got 0", silent=True),
    ],
)
