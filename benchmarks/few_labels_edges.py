"""Does a wider grid of C change what 8, 32 and 128 labels give? (lesson 30)

    python benchmarks/few_labels_edges.py

measures what is missing or stale, each part kept in results/few_labels_edges.json as soon as it is
done. In ``few_labels`` and ``few_labels_topic`` a C is often chosen at the edge of its five. Here
are the same draws and labels with eleven C from a ten-thousandth to ten times further out: two
minutes of one core, with the vectors in the cache.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import few_labels_topic
from few_labels import LINEAR, SEEDS, TUNING_SEEDS
from parts import Stored

from course_utils import paths

SIZES = (8, 32, 128)
CS = (3e-6, 3e-5, 3e-4, 3e-3, 0.03, 0.3, 3.0, 30.0, 300.0, 3e3, 3e4)
LABELS: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[str, ...]]] = {
    "recommended": (few_labels.labels, few_labels.drawn, tuple(LINEAR)),
    "Bottoms": (few_labels_topic.topic, few_labels_topic.drawn, few_labels_topic.WAYS),
}


def wider(label: str, way: str, sizes: tuple[int, ...] = SIZES) -> Any:
    """Size -> the chosen C of eleven, and AUC on the seeds that judge."""
    y, draw, _ = LABELS[label]
    return few_labels_topic.curve(LINEAR[way], y, draw, CS, sizes)


STORED = Stored(
    paths.RESULTS / "few_labels_edges.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {
    f"{label}, {way}": partial(wider, label, way)
    for label, (_, _, ways) in LABELS.items()
    for way in ways
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
