"""The tuned block beyond the edge of its grid: 512 labels, more passes, larger rates (lesson 30).

    python benchmarks/fine_tuning_edges.py

measures what is missing or stale, kept in results/fine_tuning_edges.json: five minutes of one core,
after ``fine_tuning``. There the largest rate and the most passes were chosen. Here the tuning draw
sees two larger rates and up to twelve passes, and its choice is judged on the same five draws.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fine_tuning as base
import numpy as np
from parts import Stored

from course_utils import paths

LABELS, RATES, PASSES = 512, (5e-4, 1e-3, 2e-3), (3, 6, 12)

STORED = Stored(
    paths.RESULTS / "fine_tuning_edges.json",
    (*base.STORED.code, Path(__file__).resolve()),
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


def tried() -> list[list[float]]:
    """AUC on the tuning draw: a row a learning rate, a column a number of passes."""
    fit, draw = base.trained("tuned", LABELS), base.split(base.TUNING_SEEDS[0], LABELS)
    return [[one["auc"] for one in fit(*draw, rate, PASSES)] for rate in RATES]


def best() -> tuple[float, int]:
    found = np.array(STORED.load()["tried"])
    rate, number = np.unravel_index(np.argmax(found), found.shape)
    return RATES[rate], PASSES[number]


PARTS: dict[str, Callable[[], Any]] = {
    "tried": tried,
    "chosen": partial(base.judged_of, "tuned", LABELS, best),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
