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
from collections.abc import Callable, Mapping, Sequence
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

Twin = tuple[Sequence[tuple[int, float]], str]
"""What was tried for a task's twin, batch and learning rate, and the name of the chosen one."""


def chosen(tried: Sequence[tuple[int, float]], name: str) -> allocation.Trial:
    [(batch, rate)] = [one for one in tried if name == f"batch {one[0]}, rate {one[1]:g}"]
    return allocation.Trial(rate=rate, batch=batch)


def valid(twins: Mapping[str, Twin]) -> dict[str, Any]:
    """Task -> its twin's training and validation loss at its best epoch, a market."""
    found: dict[str, Any] = {}
    for task, twin in twins.items():
        trial = chosen(*twin)
        runs = [
            allocation.fitted(trial, allocation.market(seed), seed, (task,))
            for seed in allocation.SEEDS
        ]
        found[task] = {
            "training": [run.training[0] for run in runs],
            "validation": [run.valid[0] for run in runs],
        }
    return found


def elsewhere(twin: Twin, make: Callable[[int], Case]) -> list[float]:
    """An AUC of the purchase's twin a market."""
    task, trial = allocation.MAIN, chosen(*twin)
    return [
        allocation.fitted(trial, make(seed), seed, (task,)).auc[task] for seed in allocation.SEEDS
    ]


STORED = Stored(
    paths.RESULTS / "allocation_twins.json",
    {"seeds": allocation.SEEDS},
)


def twin(task: str) -> Any:
    of = allocation.TWINS["purchase" if task == allocation.MAIN else "frequent"]
    return of, allocation.STORED.earlier("twins", "chosen", task)


PARTS: dict[str, Callable[[], Any]] = {
    "own taste": partial(elsewhere, twin(allocation.MAIN), partial(shared_bottom.make, rho=0.0)),
    "4,000 labels": partial(
        elsewhere, twin(allocation.MAIN), partial(shared_bottom.make, few=allocation_more.MANY)
    ),
    "valid": partial(valid, {task: twin(task) for task in shared_bottom.FREQUENT}),
}

if __name__ == "__main__":
    STORED.measure(PARTS)
