"""And E5? The multilingual encoder on the draws of ``fine_tuning``, up to 512 labels (lesson 30).

    python benchmarks/few_labels_e5.py

measures what is missing or stale, each part kept in results/few_labels_e5.json as soon as it is
done. Draws, labels and trials are those of ``fine_tuning``; the test is the first 500 of its texts,
for every way, since E5's vectors cost twice MiniLM's: nine minutes of one core, then cached.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import fine_tuning
import numpy as np
from few_labels import LINEAR, Make, linear, reviews
from fine_tuning import CS, SEEDS, TUNING_SEEDS
from parts import Stored, code_of

from course_utils import paths
from course_utils.encoder import E5, encode

SIZES = (8, 32, 128, 512)
TESTED = 500


def split(k: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    train, test = fine_tuning.split(k, size)
    return train, test[:TESTED]


@cache
def used() -> np.ndarray:
    """The rows that any draw needs."""
    draws = [split(k, SIZES[-1]) for k in (*SEEDS, *TUNING_SEEDS)]
    return np.unique(np.concatenate([one for draw in draws for one in draw]))


@cache
def vectors() -> np.ndarray:
    """In parts, so that nothing is lost if it is stopped."""
    texts = [f"query: {one}" for one in reviews()["all"].iloc[used()]]
    parts = [encode(texts[at : at + 250], E5) for at in range(0, len(texts), 250)]
    return np.concatenate(parts)


def of_e5(rows: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(vectors()[np.searchsorted(used(), rows)])


def curve(make: Make) -> Any:
    """Size -> the chosen C of six, and what it gives on the draws that judge."""
    found = {}
    for size in SIZES:
        tried = [linear(make, *split(TUNING_SEEDS[0], size), c)["auc"] for c in CS]
        chosen = CS[int(np.argmax(tried))]
        runs = [linear(make, *split(k, size), chosen)["auc"] for k in SEEDS]
        found[str(size)] = {"chosen": chosen, "tried": tried, "auc": runs}
    return found


STORED = Stored(
    paths.RESULTS / "few_labels_e5.json",
    (
        *code_of(__file__, (), ()),
        Path(few_labels.__file__).resolve(),
        Path(fine_tuning.__file__).resolve(),
    ),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {
    **{name: partial(curve, LINEAR[name]) for name in ("words", "characters", "MiniLM")},
    "E5": partial(curve, of_e5),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
