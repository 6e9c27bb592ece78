"""What a vector of a text costs: three pretrained models, short texts and long ones.

    python benchmarks/encoding.py

It prints the table of docs/benchmarks.md. Texts are titles and reviews of the clothing set, none of
them from the cache of vectors. CPU time of the process, one thread; the first batch of each length
builds a graph and is not counted.
"""

from __future__ import annotations

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

from course_utils.datasets import load
from course_utils.encoder import E5, MINILM, STATIC, Pretrained, fetch
from course_utils.encoder.vectors import _computed

RUNS = 5
TEXTS = 192


def rates(model: Pretrained, texts: list[str]) -> list[float]:
    """Texts a CPU second, one number a run of ``TEXTS`` of them."""
    _computed(texts[:TEXTS], model)
    found = []
    for run in range(1, RUNS + 1):
        some = texts[run * TEXTS : (run + 1) * TEXTS]
        started = time.process_time()
        _computed(some, model)
        found.append(TEXTS / (time.process_time() - started))
    return found


def main() -> None:
    reviews = load("clothing_reviews").dropna(subset=["title", "text"])
    kinds = {
        "titles": sorted({one for one in reviews["title"] if 15 <= len(one) <= 60}),
        "reviews": sorted({one for one in reviews["text"] if 250 <= len(one) <= 400}),
    }
    rng = np.random.default_rng(0)
    print("| model | texts | signs, median | texts a CPU second, median (least to greatest) |")
    print("|---|---|---|---|")
    for model in (STATIC, MINILM, E5):
        fetch(model)
        for kind, texts in kinds.items():
            picked = rng.permutation(texts)[: (RUNS + 1) * TEXTS].tolist()
            taken = rates(model, picked)
            signs = np.median([len(one) for one in picked])
            spread = f"{min(taken):,.0f} to {max(taken):,.0f}"
            print(f"| {model.name} | {kind} | {signs:.0f} | {np.median(taken):,.0f} ({spread}) |")
    print(described("tensorflow-cpu", "keras", "numpy"))


if __name__ == "__main__":
    main()
