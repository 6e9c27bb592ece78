"""How many labels does each way of reading a review need? (lesson 30)

    python benchmarks/few_labels.py

measures what is missing or stale, each part kept in results/few_labels.json as soon as it is done.
Real reviews of women's clothes; the label is whether the customer recommends the piece (82 % do).
A seed draws a quarter of the reviews, by whole products, for the test: no test product is in
training. From the rest it draws 8 to 8,192 labels, the smaller draw always inside the larger; the
order is drawn again until the first eight hold two of each class.

Every way has five trials at every size, the C of its logistic regression. The one with the best
mean AUC on the tuning seeds is judged on the others.

The vectors of MiniLM (20 minutes of one core) come from the cache; the rest takes ten minutes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, STATIC, encode

SEEDS, TUNING_SEEDS = range(6), (100, 101)
"""Draws that judge, and draws that choose the trial."""

SIZES = (8, 32, 128, 512, 2_048, 8_192)
TEST_SHARE = 0.25
CS = (0.03, 0.3, 3.0, 30.0, 300.0)

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


def tf_idf(counts: Any, n: int) -> Any:
    """What ``TfidfVectorizer(sublinear_tf=True)`` gives, learnt from the first n rows."""
    df = np.bincount(counts[:n].indices, minlength=counts.shape[1])
    idf = np.where(df > 0, np.log((1 + n) / (1 + df)) + 1, 0.0)
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


Make = Callable[[np.ndarray, int], Any]
"""Rows of the table -> their numbers; only the first n may be learnt from."""


def of_words(rows: np.ndarray, n: int) -> Any:
    return tf_idf(counted("words")[rows], n)


def of_characters(rows: np.ndarray, n: int) -> Any:
    return tf_idf(counted("characters")[rows], n)


def of_static(rows: np.ndarray, n: int) -> Any:
    return vectors("static")[rows]


def of_minilm(rows: np.ndarray, n: int) -> Any:
    return vectors("MiniLM")[rows]


def of_both(rows: np.ndarray, n: int) -> Any:
    """Words and vectors, each of length 1, side by side."""
    return sparse.hstack([of_words(rows, n), sparse.csr_matrix(of_minilm(rows, n))], format="csr")


LINEAR: dict[str, Make] = {
    "words": of_words,
    "characters": of_characters,
    "static vectors": of_static,
    "MiniLM": of_minilm,
    "words and MiniLM": of_both,
}


def logistic(c: float) -> LogisticRegression:
    return LogisticRegression(C=c, max_iter=1000)


def judged(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    return {
        "auc": round(float(roc_auc_score(y, p)), 5),
        "log loss": round(float(log_loss(y, p)), 5),
    }


def linear(make: Make, train: np.ndarray, test: np.ndarray, c: float) -> Any:
    """One fit: what it is worth, its seconds and its parameters."""
    n, y = len(train), labels()
    x, start = make(np.concatenate([train, test]), n), time.process_time()
    model = logistic(c).fit(x[:n], y[train])
    took = time.process_time() - start
    used = int((abs(model.coef_) > 0).sum()) + 1
    return judged(y[test], model.predict_proba(x[n:])[:, 1]) | {
        "seconds": round(took, 3),
        "parameters": used,
    }


def curve(
    fit: Callable[[np.ndarray, np.ndarray, Any], Any],
    trials: tuple[Any, ...],
    sizes: tuple[int, ...] = SIZES,
    tuning_seeds: Iterable[int] = TUNING_SEEDS,
) -> Any:
    """Size -> the chosen trial, and what it gives on the seeds that judge."""
    found: dict[str, Any] = {}
    for size in sizes:
        tuning = [drawn(seed) for seed in tuning_seeds]
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
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "rows": rows,
    "small": small,
    "base rate": base_rate,
    **{name: partial(curve, partial(linear, make), CS) for name, make in LINEAR.items()},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
