"""How sure is a network that nothing stops? Size against calibration (lesson 31).

    python benchmarks/unstopped.py

measures what is missing or stale, each part kept in results/unstopped.json as soon as it is done:
two minutes of one core. Shops, rows, sizes and what is judged are those of ``size_and_data``, with
3,000 labelled rows; each size has the learning rate that was chosen there with early stopping. Here
the epoch with the least *training* loss is kept, out of 60.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from parts import Stored
from size_and_data import BOTH, SEEDS, judged, market, network
from size_and_data import STORED as BASE

from course_utils import paths

N, SIZES = 3_000, ("264", "20,697", "218,801")


def to_the_end(size: str, seed: int, rate: float) -> dict[str, float]:
    one = market(seed, N)
    return judged(one, *network(size, False, one, seed, rate, BOTH))


def part(size: str, rate: float) -> dict[str, list[float]]:
    runs = [to_the_end(size, seed, rate) for seed in SEEDS]
    return {key: [of[key] for of in runs] for key in runs[0]}


def small() -> dict[str, float]:
    """The smallest network in one shop, for the test."""
    found = to_the_end("264", 0, 3e-3)
    return {key: found[key] for key in ("excess", "ece")}


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    **{size: partial(part, size, BASE.earlier(f"{size}, {N:,} rows", "trial")) for size in SIZES},
}
STORED = Stored(
    paths.RESULTS / "unstopped.json",
    {"seeds": SEEDS},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
