"""The article's network with the corrected one's training: what do the masks add to the score?

For lesson 50.

    python benchmarks/title_networks_article.py

makes results/title_networks_article.json, some three CPU minutes. Layers, kernel and padding are
the article's (50 tokens, no mask); loss on log-odds, seed, the stop by PR-AUC, its patience and a
choice among three rates on a sixth shop are those of title_networks_ranked.py.
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
import title_networks_ranked as ranked
from parts import Stored

from course_utils import paths
from course_utils.backend import keras
from course_utils.labels.title_criteria import StoppedTrainer, known_pr_auc
from course_utils.labels.titles import probabilities

RATES = [{"rate": rate} for rate in (0.003, 0.005, 0.01)]
LENGTH = 50
TRAINERS: list[StoppedTrainer] = []


def trainer() -> StoppedTrainer:
    """The article's layers; of its 10,000 rows of the embedding no title reads more than these."""
    if not TRAINERS:
        layers = keras.layers
        inputs = keras.Input((LENGTH,), dtype="int32")
        x = layers.Embedding(first.MOST_TOKENS, 64)(inputs)
        x = layers.Conv1D(128, 5, activation="relu")(x)
        x = layers.Dense(128, activation="relu")(layers.GlobalMaxPooling1D()(x))
        network = keras.Model(inputs, layers.Dense(24)(x))
        TRAINERS.append(StoppedTrainer(network, known_pr_auc))
    return TRAINERS[0]


def stopped(text: first.Text, rate: float) -> np.ndarray:
    ids = np.pad(text.ids, [(0, 0), (0, LENGTH)])[:, :LENGTH]
    parts = [(ids[rows], text.y[rows]) for rows in (text.train, text.valid)]
    trainer().fit(*parts, seed=0, learning_rate=rate, patience=ranked.PATIENCE)
    return probabilities(trainer().network, ids)


WAYS: dict[str, first.Way] = {"article's layers": (stopped, RATES)}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_article.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), WAYS, first.titles),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
