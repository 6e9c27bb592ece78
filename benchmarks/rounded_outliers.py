"""Which matrices of MiniLM need a scale a unit in eight bits (lesson 32).

    python benchmarks/rounded_outliers.py

measures what is missing or stale, each part kept in results/rounded_outliers.json; it needs the
encoder. Reviews, head and rounding are those of rounded_encoder.py. For each of the 36 matrices:
how many deviations its largest weight is from zero. Then eight bits twice more: the matrices above
30 deviations with a scale a unit and all else, tables too, with a scale a matrix; and the reverse.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import rounded_encoder as base
from parts import Stored

from course_utils import paths
from course_utils.encoder import MINILM
from course_utils.encoder import load as load_encoder
from course_utils.encoder.bert import Encoder

SEEDS, ABOVE = base.SEEDS, 30.0


def matrices(encoder: Encoder) -> dict[str, Any]:
    """Name -> the variable, of all 36; the tables are not among them."""
    found = {}
    for number, block in enumerate(encoder.blocks, 1):
        own = block.attention
        layers = {"query": own.query, "key": own.key, "value": own.value, "output": own.out}
        for name, layer in {**layers, "widening": block.wide, "narrowing": block.narrow}.items():
            found[f"{name}, block {number}"] = layer.kernel
    return found


def ratios() -> dict[str, float]:
    """The largest weight over the standard deviation, the greatest first."""
    found = {
        name: round(float(np.abs(one.numpy()).max() / one.numpy().std()), 1)
        for name, one in matrices(load_encoder(MINILM)).items()
    }
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def apart(outliers: str, others: str) -> dict[str, Any]:
    """Eight bits, one kind of scale for the matrices with outliers, another for all else."""
    weights, _ = MINILM.read(*MINILM.files)
    made = Encoder(weights, MINILM.heads)
    above = {name for name, ratio in ratios().items() if ratio > ABOVE}
    far = {id(one) for name, one in matrices(made).items() if name in above}
    for variable in made.weights:
        if len(variable.shape) == 2:
            share = outliers if id(variable) in far else others
            axis = 1 if "embedding" in variable.path else 0
            variable.assign(base.rounded(variable.numpy(), 8, share, axis))
    vectors = encoded(made)
    return {
        "matrices": len(above),
        "cosine": round(float((vectors * base.exact()).sum(1).mean()), 5),
        "auc": base.aucs(vectors),
    }


def encoded(made: Encoder) -> np.ndarray:
    """``rounded_encoder.encoded`` with an encoder of our own."""
    kept, base.encoder_of = base.encoder_of, lambda name: made  # type: ignore[assignment]
    try:
        return base.encoded("", base.reviews()[0], base.TOKENS)
    finally:
        base.encoder_of = kept


STORED = Stored(
    paths.RESULTS / "rounded_outliers.json",
    {"seeds": SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "ratios": ratios,
    "outliers by unit, others by matrix": partial(apart, "unit", "matrix"),
    "outliers by matrix, others by unit": partial(apart, "matrix", "unit"),
}


def main() -> None:
    base.exact()
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
