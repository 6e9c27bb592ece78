"""33.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.l33.t1_forgetting import BY_THE_MEAN, KNOWN, right
from checks.proof import Proof, Wrong


def _pandas(before: Any, after: Any) -> Any:
    found = pd.DataFrame(
        [(key, old, after.get(key)) for key, old in before.items()], columns=["key", "old", "now"]
    )
    change = (found["now"].astype(float) - found["old"]).dropna()
    return found["key"][change.idxmin()], change.min(), change.mean()


def _loop(before: Any, after: Any) -> Any:
    worst, name, total, n = 1e9, None, 0.0, 0
    for key in before:
        if key not in after:
            continue
        change = after[key] - before[key]
        if change != change:
            continue
        total, n = total + change, n + 1
        if change < worst:
            worst, name = change, key
    return [name, worst, total / n]


PROOF = Proof(
    task="33.1",
    right=[_pandas, _loop],
    wrong=[
        Wrong(BY_THE_MEAN, "the mean of all", "E18", silent=True),
        # It compares false with everything: it is no minimum, and spoils the mean.
        Wrong(right.edit({f"    {KNOWN}\n": ""}), "leave it out", silent=True),
        Wrong(
            right.first("return {pair: now - before[pair] for pair, now in after.items()}"),
            "KeyError",
            status="error",
        ),
        Wrong(right.returning("result[1]"), "(key, worst, mean)"),
        Wrong(right.returning("('a', *result[1:])"), "the key must be one of"),
        Wrong(right.returning("(*result[:2], None)"), "worst and mean"),
    ],
)
