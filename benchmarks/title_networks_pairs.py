"""Where order counts, is it the convolution? Titles with "non" before a label that is absent.

For lesson 50.

    python benchmarks/title_networks_pairs.py

makes results/title_networks_pairs.json, some one and a half CPU minutes: the CNN and the mean with
pairs, stopped by PR-AUC, beside the linear model of words and pairs with as many settings.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import title_networks as first
import title_networks_ranked as ranked
from parts import Stored

from course_utils import paths

STRENGTHS = [{"C": C} for C in (1.0, 10.0, 100.0)]
WAYS: dict[str, first.Way] = {
    "mean with pairs": ranked.WAYS["mean with pairs"],
    "CNN, max": ranked.WAYS["CNN, max"],
    "linear, words and pairs": (partial(first.logistic, "words and pairs"), STRENGTHS),
}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_pairs.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, first.negated),
    "negated": partial(first.on_shops, STORED.earlier("chosen"), WAYS, first.negated),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
