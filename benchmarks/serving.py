"""One trunk with four towers, four networks, eight bits: time of one thread (lesson 41).

    python benchmarks/serving.py

prints a table of docs/benchmarks.md. Forward computations of dense layers in NumPy; in each round
all ways, in a random order. CPU time of the thread, so that a busy machine shows less; its caches
are shared all the same, and that is in p99.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

INPUTS, TRUNK, TOWER, TASKS = 512, (256, 128), (32,), 4
BATCHES, CALLS = (1, 32, 1_000), 200

Layers = list[tuple[np.ndarray, np.ndarray]]


def layers(widths: tuple[int, ...], draw: np.random.Generator) -> Layers:
    return [
        ((draw.normal(size=(a, b)) / np.sqrt(a)).astype("float32"), np.zeros(b, "float32"))
        for a, b in pairwise(widths)
    ]


def run(x: np.ndarray, through: Layers) -> np.ndarray:
    for weights, bias in through:
        x = np.maximum(x @ weights + bias, 0)
    return x


def ways() -> dict[str, Callable[[np.ndarray], object]]:
    draw = np.random.default_rng(0)
    trunks = [layers((INPUTS, *TRUNK), draw) for _ in range(TASKS)]
    towers = [layers((TRUNK[-1], *TOWER, 1), draw) for _ in range(TASKS)]
    small = layers((INPUTS, 32, TASKS), draw)
    bits = [
        (np.rint(w / (top := np.abs(w).max(0)) * 127).astype(np.int8), top / 127, b)
        for w, b in trunks[0]
    ]

    def shared(x: np.ndarray) -> object:
        h = run(x, trunks[0])
        return [run(h, tower) for tower in towers]

    def apart(x: np.ndarray) -> object:
        return [run(run(x, a), b) for a, b in zip(trunks, towers, strict=True)]

    def eight(x: np.ndarray) -> object:
        for weights, scale, bias in bits:
            x = np.maximum(x @ weights.astype("float32") * scale + bias, 0)
        return [run(x, tower) for tower in towers]

    def first(x: np.ndarray) -> object:
        score = run(x, small)[:, 0]
        return shared(x[np.argsort(-score)[: max(1, len(x) // 10)]])

    return {
        "one trunk, four towers": shared,
        "four networks": apart,
        "one trunk, weights of one byte, widened at each call": eight,
        "a small one first, the best tenth through the large": first,
    }


def main() -> None:
    print("| way | " + " | ".join(f"{n:,} rows: p50 (p99)" for n in BATCHES) + " |")
    print("|---|" + "---|" * len(BATCHES))
    found: dict[str, list[str]] = {}
    served = ways()
    for n in BATCHES:
        order = np.random.default_rng(1)
        x = order.normal(size=(n, INPUTS)).astype("float32")
        spent: dict[str, list[float]] = {name: [] for name in served}
        for _ in range(CALLS):
            for name in order.permutation(list(served)):
                way = served[name]
                before = time.thread_time()
                way(x)
                spent[name].append(1e6 * (time.thread_time() - before))
        for name, each in spent.items():
            p50, p99 = np.quantile(each, [0.5, 0.99])
            ratio = p50 / np.median(spent["one trunk, four towers"])
            found.setdefault(name, []).append(f"{p50:,.0f} ({p99:,.0f}); {ratio:.2f} times")
    for name, texts in found.items():
        print(f"| {name} | " + " | ".join(texts) + " |")
    print()
    print(described("numpy"))


if __name__ == "__main__":
    main()
