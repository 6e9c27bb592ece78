"""The ends of the curves of ``fine_tuning``: 8 and 32 labels, and 8,192 for the CNN.

    python benchmarks/fine_tuning_small.py

measures what is missing or stale, each part kept in results/fine_tuning_small.json as soon as it is
done; some minutes of one core, after ``fine_tuning`` (lesson 30).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import fine_tuning
from fine_tuning import MODULES, SEEDS, TUNING_SEEDS, trained_parts
from parts import Stored, code_of

from course_utils import paths

STORED = Stored(
    paths.RESULTS / "fine_tuning_small.json",
    (
        *code_of(__file__, MODULES, ()),
        Path(few_labels.__file__).resolve(),
        Path(fine_tuning.__file__).resolve(),
    ),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {}
for _way, _size in (("CNN", 8), ("CNN", 32), ("CNN", 8_192), ("tuned", 32), ("tuned", 8)):
    PARTS |= trained_parts(_way, _size, STORED)


def main() -> None:
    only = sys.argv[1:]
    STORED.measure({name: part for name, part in PARTS.items() if not only or name in only})


if __name__ == "__main__":
    main()
