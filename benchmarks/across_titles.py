"""Does E5 read Chinese titles, or their digits? (lesson 30)

    python benchmarks/across_titles.py

measures what is missing or stale, each part kept in results/across_titles.json as soon as it is
done. A title of the shop names its brand by a number, in both languages. Here are the titles of
``no_labels`` with and without it: is the right one of 60 first, by E5 and by shared pieces of one
to three characters (TF-IDF)? Ties are shared. Half a minute of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.encoder import E5, encode
from course_utils.shop import Shop

SEEDS = range(6)
BRAND = {"title_en": r"\s*(?:by|from)?\s*Brand \d+", "title_zh": r"品牌\d+"}


def titles(seed: int, column: str, brand: bool) -> list[str]:
    """Of 60 products, the same as in ``no_labels``."""
    listings = Shop(seed, n_users=1_000, n_products=1_000).listings
    rows = np.random.default_rng(seed).permutation(len(listings))[:60]
    found = listings[column].iloc[rows]
    return (found if brand else found.str.replace(BRAND[column], "", regex=True)).tolist()


def right_first(scores: np.ndarray) -> float:
    """The share of rows whose own column is the highest; among equals by lot."""
    best = scores >= scores.max(axis=1, keepdims=True) - 1e-12
    return round(float((np.diag(best) / best.sum(axis=1)).mean()), 4)


def judged(way: str, brand: bool) -> dict[str, list[float]]:
    """Direction -> share of titles whose translation is first, by shop."""
    found: dict[str, list[float]] = {"Chinese to English": [], "English to Chinese": []}
    for seed in SEEDS:
        zh, en = (titles(seed, column, brand) for column in ("title_zh", "title_en"))
        if way == "E5":
            a, b = (encode([f"query: {one}" for one in of], E5) for of in (zh, en))
            scores = a @ b.T
        else:
            reader = TfidfVectorizer(analyzer="char", ngram_range=(1, 3)).fit(zh + en)
            scores = (reader.transform(zh) @ reader.transform(en).T).toarray()
        found["Chinese to English"].append(right_first(scores))
        found["English to Chinese"].append(right_first(scores.T))
    return found


def example() -> list[str]:
    """One title in both languages, with its brand and without."""
    return [titles(0, column, brand)[0] for column in BRAND for brand in (True, False)]


STORED = Stored(paths.RESULTS / "across_titles.json", {"seeds": SEEDS})
PARTS: dict[str, Callable[[], Any]] = {
    "example": example,
    **{
        f"{way}, {'with the brand' if brand else 'without it'}": partial(judged, way, brand)
        for brand in (True, False)
        for way in ("shared characters", "E5")
    },
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
