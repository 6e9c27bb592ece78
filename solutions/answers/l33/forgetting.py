"""Task 33.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l33.forgetting_slips import MISTAKES, by_the_mean, right_forgetting


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


def _all_of_after(before: Any, after: Any) -> Any:
    return {key: now - before[key] for key, now in after.items()}


def _nan_kept(before: Any, after: Any) -> Any:
    """Compares false with everything: it is no minimum, and spoils the mean."""
    changes = {key: after[key] - old for key, old in before.items() if key in after}
    return min(changes, key=lambda key: changes[key]), *(f([*changes.values()]) for f in _BOTH)


_BOTH: tuple[Any, ...] = (min, lambda values: sum(values) / len(values))


PROOF = Proof(
    task="33.1",
    right=[_pandas, _loop, right_forgetting],
    wrong=[
        Wrong(by_the_mean, "the mean of all", "E18", silent=True),
        *silent(MISTAKES),
        Wrong(_nan_kept, "leave it out", silent=True),
        Wrong(_all_of_after, "KeyError", status="error"),
        Wrong(lambda *case: right_forgetting(*case)[1], "(key, worst, mean)"),
        Wrong(lambda *case: ("a", *right_forgetting(*case)[1:]), "the key must be one of"),
        Wrong(lambda *case: (*right_forgetting(*case)[:2], None), "worst and mean"),
    ],
)
