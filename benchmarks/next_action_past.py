"""What is the past of a visit worth inside one model? Gradient boosting on it (lesson 52).

    python benchmarks/next_action_past.py

adds to ``next_action.py``, whose gradient boosting reads the last step alone, the same model with
more of the ten steps: how often each action stands in the window and how long it is, the two
actions before the last, or both; the validation windows of each shop choose. Kept in
results/next_action_past.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import numpy as np
from parts import Stored
from sklearn.ensemble import HistGradientBoostingClassifier

from course_utils import paths


def with_past(seed: int, n: int = whole.LOG) -> dict[str, Any]:
    """Each input on one shop, and the one that validation chooses among those with a past."""
    one = whole.Visit(seed, n)
    y, parts = one.y, one.parts
    train, valid = parts["train"], parts["valid"]
    codes, numbers = one.inputs(train)
    rows, there = np.arange(len(y)), one.window.mask
    at = there.sum(axis=1) - 1
    last = np.column_stack([codes[rows, at], numbers[rows, at]])
    action = codes[:, :, 0]
    # Codes 0 and 1 are no action and one that training has not seen.
    counts = np.column_stack([(action == code).sum(axis=1) for code in range(2, 2 + whole.N)])
    counts = np.column_stack([counts, there.sum(axis=1)])
    before = np.column_stack(
        [np.where(at >= back, action[rows, np.maximum(at - back, 0)], 0) for back in (1, 2)]
    )
    inputs = {
        "last step": last,
        "counts": np.column_stack([last, counts]),
        "two before": np.column_stack([last, before]),
        "counts and two before": np.column_stack([last, counts, before]),
    }
    result: dict[str, Any] = {}
    losses = {}
    for name, x in inputs.items():
        trees = HistGradientBoostingClassifier(
            max_iter=40, learning_rate=0.08, max_leaf_nodes=8, random_state=0
        )
        p = trees.fit(x[train], y[train]).predict_proba(x)
        losses[name] = whole.judged(p[valid], y[valid])["log loss"]
        result[name] = {
            part: whole.judged(p[parts[part]], y[parts[part]]) for part in ("test", "new")
        }
    result["chosen"] = min((name for name in inputs if name != "last step"), key=losses.__getitem__)
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"actions {seed}": partial(with_past, seed) for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_past.json",
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
