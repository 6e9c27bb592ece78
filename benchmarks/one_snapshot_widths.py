"""The other widths as they are served: narrow networks, and the wide trunk (lesson 32).

    python benchmarks/one_snapshot_widths.py

measures what is missing or stale, each part kept in results/one_snapshot_widths.json: some minutes
of one core. Everything is as in one_snapshot.py: five learning rates, 40 epochs at most, one
snapshot for all tasks of a network. There are the one trunk and the three networks of its width;
here three narrow networks, which cost about as much in serving as the one trunk, and one trunk of
four times the width.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import one_snapshot
from parts import Stored

from course_utils import paths

SEEDS, TUNING_SEEDS = one_snapshot.SEEDS, one_snapshot.TUNING_SEEDS
NAMES = ("three networks, narrow", "one trunk, wide")


def small() -> float:
    """One task of one shop at the greatest rate, for the test."""
    return one_snapshot.fitted(NAMES[0], ("purchase",), 0, (1e-2, 1.0))[1]["purchase"]["auc"]


STORED = Stored(
    paths.RESULTS / "one_snapshot_widths.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS = {"small": small}
for _name in NAMES:
    PARTS |= one_snapshot.parts_of(STORED, _name)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
