"""Two more questions of lesson 50: was the CNN only set badly, and do labels help each other?

    python benchmarks/title_networks_wide.py

makes results/title_networks_wide.json after title_networks.py, some three CPU minutes.

- The CNN twice as wide: 128 numbers a token and filters of four tokens, with the four settings of
  the others on the sixth shop, the best of them in the five shops.
- The mean of the tokens once for all 24 labels and once for each label alone: the same network,
  in which every other label is unknown, and each stops by its own PR-AUC.
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

WIDE: first.Way = (partial(first.network, "max", 4, width=128), first.NETWORK)


def alone(text: first.Text, **setting: Any) -> np.ndarray:
    """Each label by a network that is taught no other one."""
    way, _ = first.WAYS["mean"]
    labels = range(text.y.shape[1])
    others = [np.where(np.array(labels) == j, text.y, np.nan) for j in labels]
    return np.column_stack([way(text, **setting, y=y)[:, j] for j, y in enumerate(others)])


def label_by_label() -> dict[str, dict[str, list[float]]]:
    settings = {"mean, each alone": first.STORED.load()["chosen"]["mean"]}
    return first.on_shops(settings, {"mean, each alone": (alone, first.ONE)}, first.titles)


WAYS: dict[str, first.Way] = {"CNN, wide": WIDE}

PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": lambda: first.on_shops(STORED.load()["chosen"], WAYS, first.titles),
    "label by label": label_by_label,
}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_wide.json",
    sorted({*first.STORED.code, Path(__file__).resolve()}),
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
