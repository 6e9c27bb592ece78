"""A network from nothing beside ``few_labels``: lesson 50's CNN on the same draws (lesson 30).

    python benchmarks/few_labels_cnn.py

Five trials, pairs of a learning rate and dropout, chosen on one tuning seed; a quarter of its own
labels stops it. One size only, for time: three minutes of one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import numpy as np
from few_labels import SEEDS, TUNING_SEEDS, curve, judged, labels, reviews
from parts import Stored, code_of

from course_utils import paths
from course_utils.backend import keras
from course_utils.labels.titles import (
    TitleTrainer,
    probabilities,
    title_network,
    title_vectorizer,
)

SIZES = (2_048,)
NETWORKS = ((1e-3, 0.0), (1e-3, 0.5), (4e-3, 0.0), (4e-3, 0.5), (1e-2, 0.5))
TOKENS = 128
"""The CNN reads so many words of a review at most."""


def cnn(train: np.ndarray, test: np.ndarray, trial: tuple[float, float]) -> Any:
    """The network of lesson 50, from nothing; a quarter of its labels stops it."""
    (rate, dropout), text, y = trial, reviews()["all"], labels()
    start = time.process_time()
    keras.utils.clear_session()
    apart = len(train) // 4
    valid, fitted = train[:apart], train[apart:]
    numbers = title_vectorizer(text.iloc[fitted])
    network = title_network(len(numbers.get_vocabulary()), 1, dropout=dropout)
    batch = max(2, min(32, len(fitted) // 4))
    ids = {
        name: numbers(text.iloc[rows].tolist()).numpy()[:, :TOKENS]
        for name, rows in (("fitted", fitted), ("valid", valid))
    }
    TitleTrainer(network, batch).fit(
        (ids["fitted"], y[fitted][:, None]),
        (ids["valid"], y[valid][:, None]),
        seed=int(train[0]),
        learning_rate=rate,
        epochs=15,
    )
    took = time.process_time() - start
    p = probabilities(network, numbers(text.iloc[test].tolist()).numpy()[:, :TOKENS])[:, 0]
    return judged(y[test], p) | {
        "seconds": round(took, 3),
        "parameters": int(network.count_params()),
    }


PARTS: dict[str, Callable[[], Any]] = {
    f"CNN {size}": partial(curve, cnn, NETWORKS, (size,), TUNING_SEEDS[:1]) for size in SIZES
}

STORED = Stored(
    paths.RESULTS / "few_labels_cnn.json",
    (*code_of(__file__, ("labels/titles",), ()), Path(few_labels.__file__).resolve()),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS[:1]},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
