"""Genres from film titles: each contender chooses its setting. For lesson 50.

    python benchmarks/title_networks_films.py

makes results/title_networks_films.json. The fifths are those of title_networks.py: one is judged,
half of another, the validation titles, ends a network's training, chooses among three settings by
PR-AUC, and gives the thresholds. One way reads letters in the place of words: TF-IDF of runs of
three to five letters inside a word. Words and letters are read without idf, too, and with an L1
penalty.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
import title_networks_ranked as ranked
import title_networks_rivals as rivals
from parts import Stored
from sklearn.metrics import average_precision_score
from sklearn.preprocessing import MultiLabelBinarizer

from course_utils import paths
from course_utils.datasets import load


def runs_of_letters(text: first.Text, C: float) -> np.ndarray:
    """One logistic regression a genre, of TF-IDF of the runs inside each word."""
    settings = {"analyzer": "char_wb", "ngram_range": (3, 5), "sublinear_tf": True}
    return rivals.regressions(text, first.tf_idf(text.texts, text.train, **settings), C)


WORDS: dict[str, Any] = {}
LETTERS = {"analyzer": "char_wb", "ngram_range": (3, 5), "sublinear_tf": True}


def without_idf(settings: Mapping[str, Any], text: first.Text, C: float) -> np.ndarray:
    columns = first.tf_idf(text.texts, text.train, **settings, use_idf=False)
    return rivals.regressions(text, columns, C)


def with_l1(settings: Mapping[str, Any], text: first.Text, C: float) -> np.ndarray:
    columns = first.tf_idf(text.texts, text.train, **settings)
    return rivals.sparse_regressions(text, columns, C)


STRENGTHS = [{"C": C} for C in (1.0, 3.0, 10.0)]
NETWORK = [{"dropout": dropout, "rate": 0.003} for dropout in (0.0, 0.3, 0.5)]
WAYS: dict[str, first.Way] = {
    "base rates": (first.rates, first.ONE),
    "linear": (partial(first.logistic, "words"), STRENGTHS),
    "CNN, max": (partial(ranked.of_tokens, "max", 3), NETWORK),
    "mean": (partial(ranked.of_tokens, "mean", 0), NETWORK),
    "linear, runs of letters": (runs_of_letters, STRENGTHS),
    "linear, no idf": (partial(without_idf, WORDS), STRENGTHS),
    "linear, runs of letters, no idf": (partial(without_idf, LETTERS), STRENGTHS),
    "linear, L1": (partial(with_l1, WORDS), STRENGTHS),
    "linear, runs of letters, L1": (partial(with_l1, LETTERS), STRENGTHS),
}


@cache
def films(k: int) -> first.Text:
    """The films with one of the fifths to judge."""
    table = load("films").dropna(subset=["title", "genres"]).reset_index(drop=True)
    y = MultiLabelBinarizer().fit_transform(table["genres"].str.split("|")).astype(float)
    return first.fifth(table["title"].tolist(), y, table, k)


def on_fifths(way: Callable[..., np.ndarray], settings: list[dict[str, float]]) -> dict[str, Any]:
    """Metric -> one number a fifth, by the setting that each fifth's validation titles chose."""
    result: dict[str, Any] = {"chosen": []}
    for k in range(first.FIFTHS):
        text = films(k)
        tried = [way(text, **one) for one in settings]
        y, some = text.y[text.valid], text.y[text.valid].any(axis=0)
        found = [
            average_precision_score(y[:, some], p[text.valid][:, some], average="macro")
            for p in tried
        ]
        best = int(np.argmax(found))
        result["chosen"].append(settings[best])
        for metric, value in first.judged(text, tried[best]).items():
            result.setdefault(metric, []).append(value)
    return result


STORED: Stored = Stored(
    paths.RESULTS / "title_networks_films.json", {"splits": range(first.FIFTHS)}
)
PARTS: Mapping[str, Mapping[str, Any]] = {
    "films": {name: partial(on_fifths, *one) for name, one in WAYS.items()}
}

if __name__ == "__main__":
    STORED.measure(PARTS)
