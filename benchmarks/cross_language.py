"""From English to Chinese without a Chinese label: a head on multilingual vectors (lesson 30).

    python benchmarks/cross_language.py

measures what is missing or stale, each part kept in results/cross_language.json as soon as it is
done. 1,000 English reviews of clothes, half of four and five stars, half of one and two; 3,000
Chinese reviews (books, hotels, phones), half of them positive, copies and texts with both labels
dropped. A run draws 800 of the English, and splits the Chinese into 1,000 for labels and 2,000 for
the test. E5's vectors of the 4,000 texts take seven minutes of one core, the rest two.

Every head is a logistic regression on standardised numbers, or on TF-IDF; its C is one of five,
by cross-validation on the labels that it has: five folds, or as many as the smaller class has rows.
Two labels a class are the least, and n counts both classes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import E5, MINILM, encode

SEEDS = range(6)
"""Draws of the texts."""

PER_CLASS_EN, PER_CLASS_ZH = 1_000, 1_500
USED_EN, DRAWN_EN, POOL = 1_000, 800, 1_000
LABELS = (8, 32, 128, 512, 1_000)
CS = (0.0001, 0.001, 0.01, 0.1, 1.0)
CS_WORDS = (0.1, 1.0, 10.0, 100.0, 1000.0)


@cache
def english() -> tuple[list[str], np.ndarray]:
    """Texts and whether they are positive, shuffled."""
    found = load("clothing_reviews").dropna(subset=["text"])
    found["all"] = (found["title"].fillna("") + " " + found["text"]).str.strip()
    found = found[found["rating"] != 3].drop_duplicates("all")
    found["positive"] = (found["rating"] > 3).astype(int)
    texts, y = _drawn(found, "all", PER_CLASS_EN)
    return texts[:USED_EN], y[:USED_EN]


@cache
def chinese() -> tuple[list[str], np.ndarray]:
    """Texts of 12 to 200 signs and whether they are positive, shuffled."""
    found = load("chinese_reviews")
    both = found.groupby("text")["positive"].transform("nunique") == 2
    found = found[~both].drop_duplicates("text")
    found = found[found["text"].str.len().between(12, 200)]
    return _drawn(found, "text", PER_CLASS_ZH)


def _drawn(table: pd.DataFrame, column: str, n: int) -> tuple[list[str], np.ndarray]:
    drawn = table.groupby("positive").sample(n, random_state=30).sample(frac=1, random_state=30)
    return drawn[column].tolist(), drawn["positive"].to_numpy()


def vectors(texts: list[str], name: str) -> np.ndarray:
    """E5 wants its word before each text; in parts, so that nothing is lost if it is stopped."""
    if name == "MiniLM":
        return encode(texts, MINILM)
    asked = [f"query: {one}" for one in texts]
    return np.concatenate([encode(asked[k : k + 250], E5) for k in range(0, len(asked), 250)])


def head(y: np.ndarray, cs: tuple[float, ...] = CS, scaled: bool = True) -> Any:
    """A logistic regression whose C is chosen on its own labels."""
    folds = int(min(5, np.bincount(y).min()))
    found = LogisticRegressionCV(
        Cs=list(cs),
        cv=folds,
        scoring="neg_log_loss",
        max_iter=2000,
        l1_ratios=(0,),
        use_legacy_attributes=False,
    )
    return make_pipeline(StandardScaler(), found) if scaled else found


def chinese_words(train: list[str]) -> TfidfVectorizer:
    """Chinese has no spaces: characters, and pairs of neighbours."""
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit(train)


def splits(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """English rows to learn from; Chinese rows for labels, in order, and for the test."""
    rng = np.random.default_rng(seed)
    from_english = rng.permutation(USED_EN)[:DRAWN_EN]
    order = rng.permutation(2 * PER_CLASS_ZH)
    pool, test = order[:POOL], order[POOL:]
    y = chinese()[1]
    while not 2 <= y[pool[: LABELS[0]]].sum() <= LABELS[0] - 2:
        pool = rng.permutation(pool)
    return from_english, pool, test


def auc(y: np.ndarray, p: np.ndarray) -> float:
    return round(float(roc_auc_score(y, p)), 5)


def zero_shot(name: str) -> Any:
    """A head learnt on English vectors: AUC on English that it has not seen, and on Chinese."""
    (english_texts, y), (chinese_texts, z) = english(), chinese()
    x, w = vectors(english_texts, name), vectors(chinese_texts, name)
    found: dict[str, list[float]] = {
        "English": [],
        "Chinese": [],
        "Chinese, share called positive": [],
    }
    for seed in SEEDS:
        rows, _, test = splits(seed)
        rest = np.setdiff1d(np.arange(len(y)), rows)
        model = head(y[rows]).fit(x[rows], y[rows])
        found["English"].append(auc(y[rest], model.predict_proba(x[rest])[:, 1]))
        p = model.predict_proba(w[test])[:, 1]
        found["Chinese"].append(auc(z[test], p))
        found["Chinese, share called positive"].append(round(float((p >= 0.5).mean()), 4))
    return found


def english_words() -> Any:
    """TF-IDF of words and pairs on the English reviews, as rival of both encoders there."""
    (texts, y), found = english(), []
    for seed in SEEDS:
        rows, _, _ = splits(seed)
        rest = np.setdiff1d(np.arange(len(y)), rows)
        reader = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        x = reader.fit_transform([texts[k] for k in rows])
        model = head(y[rows], CS_WORDS, scaled=False).fit(x, y[rows])
        p = model.predict_proba(reader.transform([texts[k] for k in rest]))[:, 1]
        found.append(auc(y[rest], p))
    return found


def with_labels(name: str) -> Any:
    """n -> AUC on Chinese by seed, with n Chinese labels: E5's vectors, or characters."""
    (chinese_texts, z), found = chinese(), {}
    w = vectors(chinese_texts, "E5") if name == "E5" else None
    for seed in SEEDS:
        _, pool, test = splits(seed)
        for n in LABELS:
            rows = pool[:n]
            if w is not None:
                model = head(z[rows]).fit(w[rows], z[rows])
                p = model.predict_proba(w[test])[:, 1]
            else:
                reader = chinese_words([chinese_texts[k] for k in rows])
                x, asked = (reader.transform([chinese_texts[k] for k in of]) for of in (rows, test))
                model = head(z[rows], CS_WORDS, scaled=False).fit(x, z[rows])
                p = model.predict_proba(asked)[:, 1]
            found.setdefault(str(n), []).append(auc(z[test], p))
    return found


def both_languages() -> Any:
    """n -> AUC on Chinese: one head on E5's vectors of the English and of n Chinese reviews."""
    (english_texts, y), (chinese_texts, z), found = english(), chinese(), {}
    x, w = vectors(english_texts, "E5"), vectors(chinese_texts, "E5")
    for seed in SEEDS:
        rows, pool, test = splits(seed)
        for n in LABELS:
            some = pool[:n]
            labels = np.concatenate([y[rows], z[some]])
            model = head(labels).fit(np.concatenate([x[rows], w[some]]), labels)
            found.setdefault(str(n), []).append(auc(z[test], model.predict_proba(w[test])[:, 1]))
    return found


def unknown_share() -> Any:
    """How much of a Chinese review MiniLM's vocabulary knows."""
    from course_utils.encoder.wordpiece import read_vocabulary, tokens

    known = read_vocabulary(MINILM.files[1])
    codes = [tokens(one, known, MINILM.tokens)[1:-1] for one in chinese()[0]]
    return round(float(np.mean([c == known["[UNK]"] for one in codes for c in one])), 4)


def small() -> float:
    """Characters with 64 Chinese labels, one seed, for the test."""
    texts, z = chinese()
    _, pool, test = splits(0)
    rows = pool[:64]
    reader = chinese_words([texts[k] for k in rows])
    x, asked = (reader.transform([texts[k] for k in of]) for of in (rows, test))
    return auc(
        z[test], head(z[rows], CS_WORDS, scaled=False).fit(x, z[rows]).predict_proba(asked)[:, 1]
    )


STORED = Stored(
    paths.RESULTS / "cross_language.json",
    {"seeds": SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "unknown to MiniLM": unknown_share,
    "English, words": english_words,
    "zero-shot, E5": partial(zero_shot, "E5"),
    "zero-shot, MiniLM": partial(zero_shot, "MiniLM"),
    "labels, characters": partial(with_labels, "characters"),
    "labels, E5": partial(with_labels, "E5"),
    "labels, E5 and English": both_languages,
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
