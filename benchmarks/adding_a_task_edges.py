"""Settings beyond the edges of the grids of ``adding_a_task.py``, where an edge was chosen.

For lesson 33.

    python benchmarks/adding_a_task_edges.py

measures what is missing or stale, kept in results/adding_a_task_edges.json. Half a minute.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
from parts import Stored

from course_utils import paths

BEYOND = (
    ("LoRA in the frozen trunk", (0.1, 1.0), 1.0),
    ("LoRA in the frozen trunk", (0.3, 1.0), 1.0),
    ("head on the frozen trunk", (0.1, 1.0), 1.0),
    ("twin alone", (3e-4, 1.0), 1.0),
    ("replay", (3e-3, 15.0), 0.0),
    ("LwF", (3e-3, 30.0), 0.0),
)
"""Way, setting, rho; 400 labels, width 64."""


def beyond(way: base.Way, trial: base.Trial, rho: float) -> dict[str, Any]:
    runs = [base.run(way, trial, seed, rho, 400, 64) for seed in base.SEEDS]
    return {
        "auc": {task: [one["scores"][task]["auc"] for one in runs] for task in base.TASKS},
        "valid": [round(one["valid"], 5) for one in runs],
    }


PARTS = {
    f"{way}, setting {trial[0]:g} {trial[1]:g}, rho {rho:g}": partial(
        beyond, base.WAYS[way], trial, rho
    )
    for way, trial, rho in BEYOND
}

STORED = Stored(
    paths.RESULTS / "adding_a_task_edges.json",
    {"seeds": base.SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
