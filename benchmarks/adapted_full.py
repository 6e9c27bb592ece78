"""Full fine-tuning at a second learning rate; TF-IDF that reads as little (lesson 32).

    python benchmarks/adapted_full.py

measures what is missing or stale, each part kept in results/adapted_full.json; it needs the
encoder. In adapted_reviews.py one split chooses the rate of full fine-tuning, 1e-4, and with it no
fold has a better epoch than its start. Here each fold trains with 1e-5 as well, the second best on
that split, so that it may choose between the two by its own validation reviews. And TF-IDF reads
whole reviews there, the encoder 32 tokens: here it reads the words that fit into those 32, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adapted_reviews as base
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.encoder import MINILM
from course_utils.encoder.vectors import _opened
from course_utils.metrics import auc

SEEDS, LABELS, RATE = base.SEEDS, base.LABELS, 1e-5

STORED = Stored(
    paths.RESULTS / "adapted_full.json",
    {"seeds": SEEDS},
)
small = base.small


def fold(seed: int, penalty: float) -> dict[str, Any]:
    return base.tuned("full", RATE, seed, LABELS, penalty)


def cut() -> list[str]:
    """The first words of each review that fit into 32 tokens, two of them marks."""
    tokens = _opened(MINILM)[1]
    many = cache(lambda word: len(tokens(word, 256)) - 2)
    found = []
    for text in base.pool()[0]:
        words = text.split()
        ends = np.cumsum([many(word) for word in words])
        found.append(" ".join(words[: int((ends <= base.TOKENS - 2).sum())]))
    return found


def words() -> dict[str, Any]:
    """TF-IDF as in ``adapted_reviews.heads``, on the cut reviews."""
    kept, (_, y, product) = base.pool, base.pool()
    shown = cut()
    base.pool = lambda: (shown, y, product)  # type: ignore[assignment]
    try:
        aucs, losses, tried = [], [], {}
        for seed in (base.TUNING_SEED, *SEEDS):
            rows = base.split(seed, LABELS)
            x = base.words(rows)
            if seed == base.TUNING_SEED:
                for c in base.PENALTIES:
                    z = base.head(x, rows, c).decision_function(x[rows.valid])
                    tried[c] = base.log_loss(y[rows.valid], z)
                continue
            chosen = min(tried, key=lambda c: tried[c])
            z = base.head(x, rows, chosen).decision_function(x[rows.test])
            aucs.append(round(float(auc(y[rows.test], z)), 5))
            losses.append(round(base.log_loss(y[rows.test], z), 5))
    finally:
        base.pool = kept
    read = float(np.mean([len(text.split()) for text in shown]))
    return {"auc": aucs, "log_loss": losses, "chosen": chosen, "words": round(read, 1)}


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "TF-IDF, 32 tokens": words,
    **{f"split {seed}": partial(fold, seed, base.PENALTY) for seed in SEEDS},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
