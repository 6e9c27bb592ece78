"""The curves of ``fine_tuning`` at other numbers of labels (lesson 30).

    python benchmarks/fine_tuning_more.py

measures what is missing or stale, each part kept in results/fine_tuning_more.json as soon as it is
done; ten minutes of one core, after ``fine_tuning``. With 2,048 labels the tuned block has no
trials of its own, for time: it takes the learning rate of 512 labels, and two passes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fine_tuning import SEEDS, TUNING_SEEDS, trained_parts, with_rate_of_512
from parts import Stored

from course_utils import paths

STORED = Stored(
    paths.RESULTS / "fine_tuning_more.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {
    **trained_parts("CNN", 128, STORED),
    **trained_parts("CNN", 2_048, STORED),
    **trained_parts("tuned", 128, STORED),
    **with_rate_of_512("tuned", 2_048),
    **trained_parts("tuned", 32, STORED),
    **trained_parts("CNN", 32, STORED),
    **trained_parts("CNN", 8, STORED),
    **trained_parts("tuned", 8, STORED),
}


def main() -> None:
    only = sys.argv[1:]
    STORED.measure({name: part for name, part in PARTS.items() if not only or name in only})


if __name__ == "__main__":
    main()
