"""Pairs of texts, shuffled words, sizes and times of small text encoders (lesson 30).

    python benchmarks/text_vectors.py

measures what is missing or stale, each part kept in results/text_vectors.json as soon as it is
done: one minute of one core.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.datasets import load as load_table
from course_utils.encoder import E5, MINILM, STATIC, encode, vectors
from course_utils.encoder import load as load_encoder

SEEDS = (30,)
PAIRS = (
    ("waterproof jacket", "a coat that keeps the rain out"),
    ("waterproof jacket", "waterproof phone case"),
    ("sneakers", "running shoes"),
    ("sneakers", "rice cooker"),
    ("it runs small", "too tight, order a size up"),
    ("it runs small", "it runs large"),
    ("I would buy it again", "I would not buy it again"),
    ("waterproof jacket", "防水夹克"),
    ("防水夹克", "电饭煲"),
)
MODELS = {"static vectors": STATIC, "MiniLM": MINILM, "E5": E5}
TEXTS = 200


def reviews() -> list[str]:
    """Title and text of the clothing reviews, each text once."""
    found = load_table("clothing_reviews").dropna(subset=["text"])
    return (found["title"].fillna("") + " " + found["text"]).str.strip().unique().tolist()


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def overlap(one: str, other: str) -> float:
    """The cosine of two counts of words."""
    known = sorted({*words_of(one), *words_of(other)})
    a, b = (
        np.array([words_of(text).count(word) for word in known], float) for text in (one, other)
    )
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def asked(texts: list[str], name: str) -> np.ndarray:
    return encode([f"query: {one}" for one in texts] if name == "E5" else texts, MODELS[name])


def pairs() -> Any:
    """Way -> the cosine of each pair."""
    found = {"words": [round(overlap(*pair), 2) for pair in PAIRS]}
    for name in MODELS:
        a, b = (asked([pair[k] for pair in PAIRS], name) for k in (0, 1))
        found[name] = [round(float(one), 2) for one in (a * b).sum(axis=1)]
    return {"texts": PAIRS, "cosine": found}


def shuffled() -> Any:
    """Mean cosine of a review with its words in another order, and with another review."""
    rng, found = np.random.default_rng(30), {}
    every = reviews()
    texts = [every[k] for k in rng.permutation(len(every))[:TEXTS]]
    mixed = [" ".join(rng.permutation(one.split())) for one in texts]
    for name in ("static vectors", "MiniLM"):
        a, b = asked(texts, name), asked(mixed, name)
        found[name] = {
            "its own words": round(float((a * b).sum(axis=1).mean()), 3),
            "another review": round(float((a * np.roll(a, 1, axis=0)).sum(axis=1).mean()), 3),
        }
    return found


def sizes() -> Any:
    """Parameters, those in the table of words, and CPU milliseconds a review."""
    texts, found = reviews()[:64], {}
    for name, model in MODELS.items():
        if name == "static vectors":
            count = {"parameters": 32_000 * STATIC.width, "table": 32_000 * STATIC.width}
        else:
            encoder = load_encoder(model)
            count = {
                "parameters": int(encoder.count_params()),
                "table": int(encoder.words.count_params()),
            }
        vectors._computed(texts, model)  # the first call opens files and traces
        start = time.process_time()
        vectors._computed(texts, model)
        took = (time.process_time() - start) / len(texts)
        found[name] = count | {"milliseconds": round(1000 * took, 2)}
    return found


STORED = Stored(
    paths.RESULTS / "text_vectors.json",
    {"seeds": SEEDS},
)
PARTS = {"pairs": pairs, "shuffled": shuffled, "sizes": sizes}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
