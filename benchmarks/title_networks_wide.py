"""Lesson 50's CNN, twice as wide and with longer patience: was it only set badly?

    python benchmarks/title_networks_wide.py

makes results/title_networks_wide.json after title_networks.py, some two CPU minutes: 128 numbers
a token, filters of four tokens, half of the pooled numbers dropped, three rates on the sixth shop,
and the best of them in the five shops.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
from parts import Stored

from course_utils import paths
from course_utils.labels.titles import TitleTrainer, probabilities, title_network

WIDTH, KERNEL, DROPOUT, PATIENCE = 128, 4, 0.5, 5
RATES = [{"rate": rate} for rate in (0.003, 0.01, 0.03)]
WIDE: list[TitleTrainer] = []


def wide(text: first.Text, rate: float) -> np.ndarray:
    if not WIDE:
        sizes = {"width": WIDTH, "kernel": KERNEL, "dropout": DROPOUT}
        WIDE.append(TitleTrainer(title_network(first.MOST_TOKENS, 24, **sizes)))
    parts = [(text.ids[rows], text.y[rows]) for rows in (text.train, text.valid)]
    WIDE[0].fit(*parts, seed=0, learning_rate=rate, patience=PATIENCE)
    return probabilities(WIDE[0].network, text.ids)


WAYS: dict[str, first.Way] = {"CNN, wide": (wide, RATES)}

PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": lambda: first.on_shops(STORED.load()["chosen"], WAYS, first.titles),
}

STORED = Stored(
    paths.RESULTS / "title_networks_wide.json",
    sorted({*first.STORED.code, Path(__file__).resolve()}),
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
