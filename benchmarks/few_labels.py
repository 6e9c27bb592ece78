"""How many labels does each way of reading a review need? (lesson 30)

    python benchmarks/few_labels.py

measures what is missing or stale, each part kept in results/few_labels.json as soon as it is done.
Real reviews of women's clothes; the label is whether the customer recommends the piece (82 % do).
A seed draws a quarter of the reviews, by whole products, for the test: no test product is in
training. From the rest it draws 8 to 8,192 labels, the smaller draw always inside the larger; the
order is drawn again until the first eight hold two of each class.

Every way has five trials at every size: five C of its logistic regression, or five pairs of a
learning rate and dropout for the CNN. The trial with the best mean AUC on the tuning seeds is
judged on the others. The CNN stops early by a quarter of its own labels.

The vectors of MiniLM (20 minutes of one core) come from the cache; the rest takes ten minutes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored, code_of
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from course_utils import paths
from course_utils.backend import keras
from course_utils.datasets import load
from course_utils.encoder import MINILM, STATIC, encode
from course_utils.labels.titles import (
    TitleTrainer,
    probabilities,
    title_network,
    title_vectorizer,
)

SEEDS, TUNING_SEEDS = range(6), (100, 101)
"""Draws that judge, and draws that choose the trial."""

SIZES = (8, 32, 128, 512, 2_048, 8_192)
TEST_SHARE = 0.25
CS = (0.03, 0.3, 3.0, 30.0, 300.0)
NETWORKS = ((1e-3, 0.0), (1e-3, 0.5), (4e-3, 0.0), (4e-3, 0.5), (1e-2, 0.5))
TOKENS = 128
"""The CNN reads so many words of a review at most."""

Draw = tuple[np.ndarray, np.ndarray]
"""Rows to learn from, in order, and rows of the test."""


@cache
def reviews() -> Any:
    """The table: one row a text, with ``all``, title and text."""
    found = load("clothing_reviews").dropna(subset=["text"])
    found["all"] = (found["title"].fillna("") + " " + found["text"]).str.strip()
    return found.drop_duplicates("all").reset_index(drop=True)


@cache
def labels() -> np.ndarray:
    return np.asarray(reviews()["recommended"].to_numpy())


def drawn(seed: int, rows: np.ndarray | None = None) -> Draw:
    """Test products, and the order in which labels are drawn from the others.

    Args:
        rows: only these rows of the table; None for all.
    """
    rng = np.random.default_rng(seed)
    rows = np.arange(len(labels())) if rows is None else rows
    product = reviews()["product_id"].to_numpy()[rows]
    names, counts = np.unique(product, return_counts=True)
    order = rng.permutation(len(names))
    share = np.cumsum(counts[order]) / len(rows)
    tested = np.isin(product, names[order[: np.searchsorted(share, TEST_SHARE) + 1]])
    pool = rng.permutation(rows[~tested])
    while labels()[pool[: SIZES[0]]].sum() not in range(2, SIZES[0] - 1):
        pool = rng.permutation(pool)
    return pool, rows[tested]


def tf_idf(counts: Any, train: np.ndarray) -> Any:
    """What ``TfidfVectorizer(sublinear_tf=True)``, learnt from the training rows, gives."""
    df = np.bincount(counts[train].indices, minlength=counts.shape[1])
    idf = np.where(df > 0, np.log((1 + len(train)) / (1 + df)) + 1, 0.0)
    found = sparse.csr_matrix(
        ((1 + np.log(counts.data)) * idf[counts.indices], counts.indices, counts.indptr),
        counts.shape,
    )
    length = np.sqrt(found.multiply(found).sum(axis=1).A1)
    return sparse.diags(1 / np.maximum(length, 1e-12)) @ found


@cache
def counted(kind: str) -> Any:
    """Counts of words, or of pieces of two to four characters, of all reviews."""
    how = {"ngram_range": (1, 2)} if kind == "words" else {}
    if kind == "characters":
        how = {"analyzer": "char_wb", "ngram_range": (2, 4)}
    return CountVectorizer(**how).fit_transform(reviews()["all"]).astype(float)


@cache
def vectors(name: str) -> np.ndarray:
    model = {"MiniLM": MINILM, "static": STATIC}[name]
    return np.asarray(encode(reviews()["all"].tolist(), model))


def of_words(train: np.ndarray) -> Any:
    return tf_idf(counted("words"), train)


def of_characters(train: np.ndarray) -> Any:
    return tf_idf(counted("characters"), train)


def of_static(train: np.ndarray) -> Any:
    return vectors("static")


def of_minilm(train: np.ndarray) -> Any:
    return vectors("MiniLM")


def of_both(train: np.ndarray) -> Any:
    return sparse.hstack([of_words(train), sparse.csr_matrix(of_minilm(train))], format="csr")


LINEAR: dict[str, Callable[[np.ndarray], Any]] = {
    "words": of_words,
    "characters": of_characters,
    "static vectors": of_static,
    "MiniLM": of_minilm,
    "words and MiniLM": of_both,
}
"""Way -> the numbers of all reviews; only the training rows may be learnt from."""


def logistic(c: float) -> LogisticRegression:
    return LogisticRegression(C=c, max_iter=1000)


def judged(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    return {
        "auc": round(float(roc_auc_score(y, p)), 5),
        "log loss": round(float(log_loss(y, p)), 5),
    }


def linear(make: Callable[[np.ndarray], Any], train: np.ndarray, test: np.ndarray, c: float) -> Any:
    """One fit: what it is worth, its seconds and its parameters."""
    x, y, start = make(train), labels(), time.process_time()
    model = logistic(c).fit(x[train], y[train])
    took = time.process_time() - start
    used = int((abs(model.coef_) > 0).sum()) + 1
    return judged(y[test], model.predict_proba(x[test])[:, 1]) | {
        "seconds": round(took, 3),
        "parameters": used,
    }


def cnn(train: np.ndarray, test: np.ndarray, trial: tuple[float, float]) -> Any:
    """The network of lesson 50, from nothing; a quarter of its labels stops it."""
    (rate, dropout), text, y = trial, reviews()["all"], labels()
    start = time.process_time()
    keras.utils.clear_session()
    apart = len(train) // 4
    valid, fitted = train[:apart], train[apart:]
    numbers = title_vectorizer(text.iloc[fitted])
    network = title_network(len(numbers.get_vocabulary()), 1, dropout=dropout)
    batch = max(2, min(32, len(fitted) // 4))
    ids = {
        name: numbers(text.iloc[rows].tolist()).numpy()[:, :TOKENS]
        for name, rows in (("fitted", fitted), ("valid", valid))
    }
    TitleTrainer(network, batch).fit(
        (ids["fitted"], y[fitted][:, None]),
        (ids["valid"], y[valid][:, None]),
        seed=int(train[0]),
        learning_rate=rate,
        epochs=30,
    )
    took = time.process_time() - start
    p = probabilities(network, numbers(text.iloc[test].tolist()).numpy()[:, :TOKENS])[:, 0]
    return judged(y[test], p) | {
        "seconds": round(took, 3),
        "parameters": int(network.count_params()),
    }


def curve(fit: Callable[[np.ndarray, np.ndarray, Any], Any], trials: tuple[Any, ...]) -> Any:
    """Size -> the chosen trial, and what it gives on the seeds that judge."""
    found: dict[str, Any] = {}
    for size in SIZES:
        tuning = [drawn(seed) for seed in TUNING_SEEDS]
        tried = [
            float(np.mean([fit(pool[:size], test, trial)["auc"] for pool, test in tuning]))
            for trial in trials
        ]
        best = int(np.argmax(tried))
        runs = []
        for seed in SEEDS:
            pool, test = drawn(seed)
            runs.append(fit(pool[:size], test, trials[best]))
        found[str(size)] = {
            "chosen": trials[best],
            "tried": [round(one, 5) for one in tried],
            **{key: [run[key] for run in runs] for key in runs[0]},
        }
    return found


def base_rate() -> Any:
    """The log loss of the share of the training labels, and what was drawn."""
    y, found = labels(), {}
    for size in SIZES:
        losses = []
        for seed in SEEDS:
            pool, test = drawn(seed)
            p = (y[pool[:size]].sum() + 1) / (size + 2)
            losses.append(round(float(log_loss(y[test], np.full(len(test), p))), 5))
        found[str(size)] = {"auc": [0.5] * len(SEEDS), "log loss": losses}
    return found


def rows() -> Any:
    """What the draws hold."""
    y, product, said = labels(), reviews()["product_id"].to_numpy(), []
    for seed in SEEDS:
        pool, test = drawn(seed)
        said.append(
            {
                "test": len(test),
                "pool": len(pool),
                "products": len(set(product[test])),
                "common": len(set(product[test]) & set(product[pool])),
                "recommended": round(float(y[test].mean()), 4),
            }
        )
    return {"reviews": len(y), "recommended": round(float(y.mean()), 4), "draws": said}


def small() -> float:
    """The words at 32 labels of one seed, for the test."""
    pool, test = drawn(0)
    return float(linear(of_words, pool[:32], test, CS[3])["auc"])


STORED = Stored(
    paths.RESULTS / "few_labels.json",
    code_of(__file__, ("labels/titles",), ()),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "rows": rows,
    "small": small,
    "base rate": base_rate,
    **{name: partial(curve, partial(linear, make), CS) for name, make in LINEAR.items()},
    "CNN": partial(curve, cnn, NETWORKS),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
