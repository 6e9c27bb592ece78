"""Four times the width: the ways of ``adding_a_task.py`` that the question of size needs.

For lesson 33.

    python benchmarks/adding_a_task_wide.py

measures what is missing or stale, kept in results/adding_a_task_wide.json; some two minutes.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
from parts import Stored

from course_utils import paths

WIDTH = 256
ASKED = (
    ("head on the frozen trunk", 1.0, 400),
    ("head on the frozen trunk", 0.0, 400),
    ("fine-tuning on the new task", 1.0, 400),
    ("head on the frozen trunk", 0.0, 4_000),
    ("fine-tuning on the new task", 0.0, 4_000),
    ("LoRA in the frozen trunk", 0.0, 4_000),
)
"""Way, rho, labels."""

PARTS = {
    "before": partial(base.before, WIDTH),
    **{
        f"{way}, rho {rho:g}, {few} labels": partial(base.of_way, base.WAYS[way], rho, few, WIDTH)
        for way, rho, few in ASKED
    },
}

STORED = Stored(
    paths.RESULTS / "adding_a_task_wide.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
