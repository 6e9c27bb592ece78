"""The rival of every way to stand a slip: correct the query first (lesson 31).

    python benchmarks/search_corrected.py

measures what is missing or stale, each part kept in results/search_corrected.json as soon as it is
done: two minutes of one core. Misspelt queries of ``search_rivals``. A word of a query that stands
in no text, nor does its singular, is replaced by the most frequent word of the texts at a distance
of one edit: a letter more, less or other, or two neighbours exchanged. The titles are in no
dictionary. Settings and weights are those of queries as written.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from search_rivals import (
    FOLDS,
    KINDS,
    SETTINGS,
    folds,
    ndcg,
    queries,
    scored,
    standard,
    stem,
    texts,
)

from course_utils import paths
from course_utils.search import words

WAYS = ("BM25", "character n-grams", "MiniLM", "E5")
SUMS = {
    "BM25 + MiniLM": (0.1, 0.0, 0.9, 0.0),
    "character n-grams + MiniLM": (0.0, 0.1, 0.9, 0.0),
    "MiniLM + E5": (0.0, 0.0, 0.6, 0.4),
    "character n-grams + MiniLM + E5": (0.0, 0.1, 0.5, 0.4),
}
"""Weights that most folds chose in search_rivals and text_rivals, queries as written."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def dictionary() -> Counter[str]:
    return Counter(word for text in texts() for word in words(text))


def one_edit(word: str) -> Iterator[str]:
    """Every text at a distance of one edit."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


@cache
def corrected_word(word: str) -> str:
    known = dictionary()
    if word in known or stem(word) in known or f"{word}s" in known:
        return word
    found = {one for one in one_edit(word) if one in known}
    return min(found, key=lambda one: (-known[one], one)) if found else word


def corrected(query: str) -> str:
    """What is between the words stays."""
    for word in dict.fromkeys(words(query)):
        query = query.replace(word, corrected_word(word))
    return query


@cache
def scores(way: str) -> np.ndarray:
    """Of the corrected queries, each fifth at its own setting."""
    asked = [corrected(query) for query in queries(KINDS[1])]
    chosen = scored(way, KINDS[0])[1]
    if len(chosen) < len(folds()):
        return SETTINGS[way][chosen[0]](asked)
    made = {name: SETTINGS[way][name](asked) for name in set(chosen)}
    found = np.zeros((len(asked), len(asked)))
    for rows, name in zip(folds(), chosen, strict=True):
        found[rows] = made[name][rows]
    return found


def searched() -> dict[str, Any]:
    made = [standard(scores(way)) for way in WAYS]
    found = {way: ndcg(scores(way)) for way in WAYS}
    for name, weights in SUMS.items():
        total = sum(w * of for w, of in zip(weights, made, strict=True))
        found[name] = ndcg(total - np.min(total, axis=1, keepdims=True))
    return {name: np.round(of, 3).tolist() for name, of in found.items()}


def small() -> dict[str, float]:
    """What correcting gives back, and BM25 on it, for the test: no pretrained model."""
    pairs = zip(queries(KINDS[1]), queries(KINDS[0]), strict=True)
    return {
        "as written again": round(
            float(np.mean([corrected(wrong) == right.lower() for wrong, right in pairs])), 4
        ),
        "BM25": round(float(ndcg(scores("BM25")).mean()), 4),
    }


PARTS: dict[str, Callable[[], Any]] = {"small": small, "ndcg": searched}
STORED = Stored(
    paths.RESULTS / "search_corrected.json",
    {"folds": range(FOLDS)},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
