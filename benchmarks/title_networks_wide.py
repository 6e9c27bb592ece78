"""Two more questions of lesson 50: was the CNN only set badly, and do labels help each other?

    python benchmarks/title_networks_wide.py

makes results/title_networks_wide.json after title_networks.py, some four CPU minutes.

- The CNN twice as wide: 128 numbers a token, filters of four tokens, half of the pooled numbers
  dropped, longer patience; three rates on the sixth shop, the best of them in the five shops.
- The mean of the tokens once for all 24 labels and once for each label alone: the same network,
  in which every other label is unknown.
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

WIDTH, KERNEL, DROPOUT, PATIENCE = 128, 4, 0.5, 6
RATES = [{"rate": rate} for rate in (0.003, 0.01, 0.03)]
WIDE: list[TitleTrainer] = []


def wide(text: first.Text, rate: float) -> np.ndarray:
    if not WIDE:
        sizes = {"width": WIDTH, "kernel": KERNEL, "dropout": DROPOUT}
        WIDE.append(TitleTrainer(title_network(first.MOST_TOKENS, 24, **sizes)))
    parts = [(text.ids[rows], text.y[rows]) for rows in (text.train, text.valid)]
    WIDE[0].fit(*parts, seed=0, learning_rate=rate, patience=PATIENCE)
    return probabilities(WIDE[0].network, text.ids)


def alone(text: first.Text, **setting: float) -> np.ndarray:
    """Each label by a network that is taught no other one."""
    way, _ = first.WAYS["mean"]
    labels = range(text.y.shape[1])
    others = [np.where(np.array(labels) == j, text.y, np.nan) for j in labels]
    return np.column_stack([way(text, **setting, y=y)[:, j] for j, y in enumerate(others)])


def label_by_label(mean: Any) -> dict[str, dict[str, list[float]]]:
    settings = {"mean, each alone": mean}
    return first.on_shops(settings, {"mean, each alone": (alone, first.ONE)}, first.titles)


WAYS: dict[str, first.Way] = {"CNN, wide": (wide, RATES)}

STORED = Stored(
    paths.RESULTS / "title_networks_wide.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), WAYS, first.titles),
    "label by label": partial(label_by_label, first.STORED.earlier("chosen", "mean")),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
