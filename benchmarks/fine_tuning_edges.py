"""The tuned block beyond the edge of its grid: 512 labels, more passes, larger rates (lesson 30).

    python benchmarks/fine_tuning_edges.py

measures what is missing or stale, kept in results/fine_tuning_edges.json: five minutes of one core,
after ``fine_tuning``. There the largest rate and the most passes were chosen. Here the tuning draw
sees two larger rates and up to twelve passes, and its choice is judged on the same five draws.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fine_tuning as base
from parts import Stored

from course_utils import paths

LABELS, RATES, PASSES = 512, (5e-4, 1e-3, 2e-3), (3, 6, 12)

STORED = Stored(
    paths.RESULTS / "fine_tuning_edges.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


def tried(heads: Mapping[str, Any]) -> list[list[float]]:
    """AUC on the tuning draw: a row a learning rate, a column a number of passes."""
    fit, draw = base.trained("tuned", LABELS, heads), base.split(base.TUNING_SEEDS[0], LABELS)
    return [[one["auc"] for one in fit(*draw, rate, PASSES)] for rate in RATES]


PARTS: dict[str, Callable[[], Any]] = {
    "tried": partial(tried, base.HEADS),
    "chosen": partial(
        base.judged_of,
        "tuned",
        LABELS,
        base.HEADS,
        partial(base.best_of, STORED.earlier("tried"), RATES, PASSES),
    ),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
