"""Lesson 50's networks, stopped by the measure they are judged by: what costs, what helps.

    python benchmarks/title_networks_ranked.py

makes results/title_networks_ranked.json, some two CPU minutes. The titles, the judge and the
choice on a sixth shop are those of title_networks.py, whose networks keep the epoch with the
lowest loss; here they keep the one with the best PR-AUC on the validation titles.

- Pooling and convolution apart: the maximum and the mean, each with a convolution and without.
- The mean of tokens and pairs of tokens, which is the network of fastText.
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
from course_utils.labels.title_criteria import (
    Criterion,
    StoppedTrainer,
    choice_loss,
    known_pr_auc,
    pair_vectorizer,
)
from course_utils.labels.titles import known_loss, probabilities, title_network

MOST_PAIRS = 8_000
PATIENCE = 4
TRAINERS: dict[tuple[Any, ...], StoppedTrainer] = {}
"""One traced graph for each network: shops and settings draw its weights anew."""


def trained(
    text: first.Text,
    ids: np.ndarray,
    y: np.ndarray,
    pooling: str,
    kernel: int,
    dropout: float,
    rate: float,
    criterion: Criterion,
    questions: tuple[int, ...] = (),
) -> np.ndarray:
    """Probabilities of all rows, by the epoch with the best criterion."""
    n_tokens = -(-int(ids.max() + 1) // 500) * 500  # so that shops share a graph
    key = n_tokens, y.shape[1], pooling, kernel, dropout, criterion, questions
    if key not in TRAINERS:
        network = title_network(
            n_tokens, y.shape[1], pooling=pooling, kernel=kernel, width=64, dropout=dropout
        )
        loss = choice_loss(questions) if questions else known_loss
        TRAINERS[key] = StoppedTrainer(network, criterion, loss)
    one = TRAINERS[key]
    parts = [(ids[rows], y[rows]) for rows in (text.train, text.valid)]
    one.fit(*parts, seed=0, learning_rate=rate, patience=PATIENCE)
    return probabilities(one.network, ids)


def of_tokens(
    pooling: str, kernel: int, text: first.Text, dropout: float, rate: float
) -> np.ndarray:
    return trained(text, text.ids, text.y, pooling, kernel, dropout, rate, known_pr_auc)


def with_pairs(text: first.Text, dropout: float, rate: float) -> np.ndarray:
    """The mean of the tokens and of the pairs of a title."""
    vectorizer = pair_vectorizer([text.texts[row] for row in text.train], MOST_PAIRS)
    ids = np.asarray(vectorizer(list(text.texts)))[:, : 2 * first.LONGEST]
    return trained(text, ids, text.y, "mean", 0, dropout, rate, known_pr_auc)


SETTINGS = [
    {"dropout": dropout, "rate": rate} for dropout, rate in ((0.0, 0.005), (0.0, 0.01), (0.3, 0.01))
]
WAYS: dict[str, first.Way] = {
    "CNN, max": (partial(of_tokens, "max", 3), SETTINGS),
    "CNN, mean": (partial(of_tokens, "mean", 3), SETTINGS),
    "max": (partial(of_tokens, "max", 0), SETTINGS),
    "mean": (partial(of_tokens, "mean", 0), SETTINGS),
    "mean with pairs": (with_pairs, SETTINGS),
}


def small() -> dict[str, float]:
    """What a test can recompute in seconds."""
    text = first.titles(first.SIXTH)
    return {"mean": first.judged(text, WAYS["mean"][0](text, dropout=0.0, rate=0.01))["PR-AUC"]}


STORED: Stored = Stored(
    paths.RESULTS / "title_networks_ranked.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), WAYS, first.titles),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
