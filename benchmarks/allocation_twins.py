"""The twins of lesson 41 once more: their losses on new rows, and in the other kinds of market.

    python benchmarks/allocation_twins.py

keeps results/allocation_twins.json; one or two minutes of one core, with the settings that
benchmarks/allocation.py has chosen; nothing is tuned again.

- **valid**: the validation losses of the frequent tasks' twins at their best epochs, beside the
  training losses that bound the guardrails: what an owner's promise is held against.
- **4,000 labels** and **own taste**: the AUC of the purchase's twin in the markets of
  benchmarks/allocation_more.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import allocation
import allocation_more
from parts import Stored

from course_utils import paths
from course_utils.comparison.case import Case
from course_utils.regimes import shared_bottom


def chosen(task: str) -> allocation.Trial:
    """The batch and the learning rate that were chosen for a task's twin."""
    of = allocation.STORED.load()["twins"]["chosen"][task]
    [(batch, rate)] = [
        one
        for one in allocation.TWINS["purchase" if task == allocation.MAIN else "frequent"]
        if of == f"batch {one[0]}, rate {one[1]:g}"
    ]
    return allocation.Trial(rate=rate, batch=batch)


def valid() -> dict[str, Any]:
    """Task -> its twin's training and validation loss at its best epoch, a market."""
    found: dict[str, Any] = {}
    for task in shared_bottom.FREQUENT:
        trial = chosen(task)
        runs = [
            allocation.fitted(trial, allocation.market(seed), seed, (task,))
            for seed in allocation.SEEDS
        ]
        found[task] = {
            "training": [run.training[0] for run in runs],
            "validation": [run.valid[0] for run in runs],
        }
    return found


def elsewhere(make: Callable[[int], Case]) -> list[float]:
    """An AUC of the purchase's twin a market."""
    task, trial = allocation.MAIN, chosen(allocation.MAIN)
    return [
        allocation.fitted(trial, make(seed), seed, (task,)).auc[task] for seed in allocation.SEEDS
    ]


STORED = Stored(
    paths.RESULTS / "allocation_twins.json",
    (*allocation_more.STORED.code, Path(__file__).resolve()),
    {"seeds": allocation.SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "own taste": partial(elsewhere, partial(shared_bottom.make, rho=0.0)),
    "4,000 labels": partial(elsewhere, partial(shared_bottom.make, few=allocation_more.MANY)),
    "valid": valid,
}

if __name__ == "__main__":
    STORED.measure(PARTS)
