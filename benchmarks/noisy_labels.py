"""How many noisy labels is a clean one worth, and does a larger model need fewer? (lesson 31)

    python benchmarks/noisy_labels.py

measures what is missing or stale, each part kept in results/noisy_labels.json as soon as it is
done: four minutes of one core once the vectors are cached. Clothing reviews: does the customer
recommend the product? Products of the test reviews are in no training row. A share of the training
labels is flipped at random; test labels are clean.

Words: TF-IDF and logistic regression. MiniLM: its vectors, and logistic regression. Four penalties
each, chosen by the AUC on a fifth of the training rows, whose labels are as noisy. ``stars``: the
label is "four stars or more", which a shop has anyway.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.metrics import auc

SEEDS = range(5)
ROWS = (300, 1_000, 3_000, 10_000)
SHARES = (0.0, 0.1, 0.2, 0.3)
STARS = "stars"
STRENGTHS: Mapping[str, tuple[float, ...]] = {
    "words": (0.1, 1.0, 10.0, 100.0),
    "MiniLM": (0.1, 1.0, 10.0, 100.0),
}


@cache
def reviews() -> pd.DataFrame:
    table = load("clothing_reviews").dropna(subset=["text"])
    text = (table["title"].fillna("") + " " + table["text"]).str.strip()
    return table.assign(text=text).reset_index(drop=True)


@cache
def vectors() -> np.ndarray:
    return np.asarray(encode(reviews()["text"].tolist(), MINILM))


@cache
def split(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, in a random order, and rows to judge: a quarter of the products."""
    draw = np.random.default_rng(seed)
    products = reviews()["product_id"].unique()
    test = draw.choice(products, len(products) // 4, replace=False)
    apart = reviews()["product_id"].isin(test).to_numpy()
    return draw.permutation(np.flatnonzero(~apart)), np.flatnonzero(apart)


def labels() -> np.ndarray:
    return np.asarray(reviews()["recommended"].to_numpy(), bool)


def noisy(rows: np.ndarray, share: float | str, seed: int) -> np.ndarray:
    if share == STARS:
        return np.asarray(reviews()["rating"].to_numpy()[rows] >= 4)
    flipped = np.random.default_rng([seed, len(rows)]).random(len(rows)) < float(share)
    return np.asarray(labels()[rows] ^ flipped)


def fitted(name: str, seed: int, n: int, share: float | str) -> float:
    """AUC on clean labels of unseen products."""
    learned, test = split(seed)
    rows, cut = learned[:n], n - n // 5
    y = noisy(rows, share, seed)
    if name == "words":
        text = reviews()["text"]
        read = TfidfVectorizer(min_df=2, sublinear_tf=True, ngram_range=(1, 2)).fit(text[rows])
        x, asked = read.transform(text[rows]), read.transform(text[test])
    else:
        x, asked = vectors()[rows], vectors()[test]
    found = []
    for strength in STRENGTHS[name]:
        model = LogisticRegression(C=strength, max_iter=300)
        model.fit(x[:cut], y[:cut])
        found.append(auc(y[cut:], model.decision_function(x[cut:])))
    model = LogisticRegression(C=STRENGTHS[name][int(np.argmax(found))], max_iter=300)
    return round(float(auc(labels()[test], model.fit(x, y).decision_function(asked))), 5)


def part(name: str, n: int) -> dict[str, list[float]]:
    return {
        str(share): [fitted(name, seed, n, share) for seed in SEEDS] for share in (*SHARES, STARS)
    }


def facts() -> dict[str, Any]:
    table, y = reviews(), labels()
    return {
        "reviews": len(table),
        "recommended": round(float(y.mean()), 4),
        "stars disagree": round(float((noisy(np.arange(len(y)), STARS, 0) != y).mean()), 4),
        "test rows": [len(split(seed)[1]) for seed in SEEDS],
    }


def small() -> list[float]:
    """Words on 300 rows, clean and with a fifth flipped, for the test."""
    return [fitted("words", 0, 300, share) for share in (0.0, 0.2)]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "facts": facts,
    **{f"{name}, {n:,} rows": partial(part, name, n) for name in STRENGTHS for n in ROWS},
}
STORED = Stored(
    paths.RESULTS / "noisy_labels.json",
    {"seeds": SEEDS},
)


def main() -> None:
    until = sys.argv[1] if len(sys.argv) > 1 else ""
    STORED.measure(
        {name: made for name, made in PARTS.items() if name.startswith(until) or not until}
    )


if __name__ == "__main__":
    main()
