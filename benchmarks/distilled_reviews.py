"""A student of a millisecond a text: distilled, on labels alone, self-trained (lesson 32).

    python benchmarks/distilled_reviews.py

measures what is missing or stale, each part kept in results/distilled_reviews.json; it needs the
encoder and the static vectors. Does the customer recommend the product? The teacher is a linear
head on MiniLM's vectors, fitted on the labels that there are. Students read what is cheap: words
and pairs of words (TF-IDF), or static vectors. Each learns from the labels alone, or from these and
the teacher's probabilities of further reviews without labels; TF-IDF also from labels and what it
says itself of those reviews (self-training), or from the teacher's answers as 0 and 1. Where what
is said becomes 0 or 1, the share of 1 is that of the labels. Static vectors are also taught by
TF-IDF. Both cheap inputs in one linear model
are a further rival.

Equal trials, four each: C = 0.1, 1, 10, 100 (teacher and static vectors: 1, 10, 100, 1,000), chosen
in each split by the log loss on a fifth of its labels. Products of the test are unseen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy import sparse
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, STATIC, encode
from course_utils.metrics import auc

SEEDS = range(5)
LABELS = (256, 1_024, 4_096, 8_000)
UNLABELLED, TEST = 8_000, 3_000
"""Reviews without labels beside those with some: what is left of 8,000."""

STRENGTHS = {"words": (0.1, 1.0, 10.0, 100.0), "vectors": (1.0, 10.0, 100.0, 1_000.0)}


@dataclass(frozen=True)
class Rows:
    """Row numbers: labels to learn from and to choose by, no labels, test."""

    train: np.ndarray
    valid: np.ndarray
    bare: np.ndarray
    test: np.ndarray


@cache
def reviews() -> tuple[list[str], np.ndarray, np.ndarray]:
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip()
    return text.tolist(), d["recommended"].to_numpy(), d["product_id"].to_numpy()


def split(seed: int, labels: int) -> Rows:
    """Fewer labels are the first of more; what is no label of the 8,000 is bare."""
    draw = np.random.default_rng(seed)
    names, product = np.unique(reviews()[2], return_inverse=True)
    order = draw.permutation(len(names))
    many = int(np.searchsorted(np.cumsum(np.bincount(product)[order]), TEST)) + 1
    unseen = np.isin(product, order[:many])
    rest = draw.permutation(np.flatnonzero(~unseen))[:UNLABELLED]
    cut = labels - labels // 5
    return Rows(rest[:cut], rest[cut:labels], rest[labels:], np.flatnonzero(unseen))


@cache
def vectors(which: str) -> np.ndarray:
    return encode(reviews()[0], MINILM if which == "MiniLM" else STATIC)


def words_of(rows: Rows) -> Any:
    """``[n, words]``; words are those of reviews that may be read in training, labels or not."""
    texts = reviews()[0]
    read = np.concatenate([rows.train, rows.valid, rows.bare])
    known = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=20_000)
    seen = known.fit_transform([texts[k] for k in read])
    unseen = known.transform([texts[k] for k in rows.test])
    # As many rows as there are reviews, so that a row's number means the same everywhere.
    at = np.full(len(texts), len(read) + len(rows.test))
    at[read], at[rows.test] = np.arange(len(read)), len(read) + np.arange(len(rows.test))
    empty = sparse.csr_matrix((1, seen.shape[1]))
    return sparse.vstack([seen, unseen, empty]).tocsr()[at]


def log_loss(y: np.ndarray, z: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0.0, z) - y * z))


def on_labels(x: Any, rows: Rows, kind: str) -> tuple[LogisticRegression, float]:
    """The C of the least validation loss, then fitted on it."""
    return softly(x, rows, kind, np.empty(0), np.empty(0, int))


def softly(
    x: Any, rows: Rows, kind: str, said: np.ndarray, bare: np.ndarray
) -> tuple[LogisticRegression, float]:
    """Labels, and a probability for each bare row: the log loss on a soft label q is that of the
    label 1 with weight q and of the label 0 with weight 1 - q."""
    y = reviews()[1]
    which = np.concatenate([rows.train, bare, bare])
    label = np.concatenate([y[rows.train], np.ones(len(bare), int), np.zeros(len(bare), int)])
    weight = np.concatenate([np.ones(len(rows.train)), said, 1 - said])
    keep = weight > 1e-3
    tried = {}
    for strength in STRENGTHS[kind]:
        model = LogisticRegression(
            C=strength,
            max_iter=500,
            # TF-IDF's slopes are small: the usual 1e-4 would stop far from the optimum.
            tol=1e-6 if kind == "vectors" else 1e-5,
            solver="newton-cholesky" if kind == "vectors" else "lbfgs",
        )
        model.fit(x[which[keep]], label[keep], sample_weight=weight[keep])
        tried[strength] = model, log_loss(y[rows.valid], model.decision_function(x[rows.valid]))
    best = min(tried, key=lambda one: tried[one][1])
    return tried[best][0], best


def at(seed: int, labels: int) -> dict[str, dict[str, float]]:
    """All contenders on one split: AUC, log loss and C."""
    y, rows = reviews()[1], split(seed, labels)
    x = {"TF-IDF": words_of(rows), "static": vectors("static"), "teacher": vectors("MiniLM")}
    x["both"] = sparse.hstack([x["TF-IDF"], sparse.csr_matrix(x["static"])]).tocsr()
    kinds = {"TF-IDF": "words", "static": "vectors", "teacher": "vectors", "both": "words"}
    found = {}

    def keep(name: str, model: LogisticRegression, on: Any, strength: float) -> None:
        z = model.decision_function(on[rows.test])
        found[name] = {
            "auc": round(float(auc(y[rows.test], z)), 5),
            "log_loss": round(log_loss(y[rows.test], z), 5),
            "C": strength,
        }

    alone = {}
    for name, on in x.items():
        alone[name], strength = on_labels(on, rows, kinds[name])
        keep(name, alone[name], on, strength)
    if len(rows.bare):
        teacher = expit(alone["teacher"].decision_function(x["teacher"][rows.bare]))
        hard = as_labels(teacher, rows)
        own = as_labels(alone["TF-IDF"].decision_function(x["TF-IDF"][rows.bare]), rows)
        for name, student, said in (
            ("TF-IDF, distilled", "TF-IDF", teacher),
            ("TF-IDF, self-trained", "TF-IDF", own),
            ("TF-IDF, rounded teacher", "TF-IDF", hard),
            ("static, distilled", "static", teacher),
            (
                "static, taught by TF-IDF",
                "static",
                expit(alone["TF-IDF"].decision_function(x["TF-IDF"][rows.bare])),
            ),
        ):
            model, strength = softly(x[student], rows, kinds[student], said, rows.bare)
            keep(name, model, x[student], strength)
    return found


def as_labels(said: np.ndarray, rows: Rows) -> np.ndarray:
    """Labels of 0 and 1 of the same share as among those that there are."""
    share = reviews()[1][rows.train].mean()
    return np.asarray(said > np.quantile(said, 1 - share), float)


def way(labels: int) -> dict[str, Any]:
    runs = [at(seed, labels) for seed in SEEDS]
    return {
        name: {key: [run[name][key] for run in runs] for key in ("auc", "log_loss", "C")}
        for name in runs[0]
    }


def latency(n: int = 200) -> dict[str, Any]:
    """Median and 99th percentile, CPU milliseconds of one thread for one text, one at a time."""
    from course_utils.encoder import load as load_encoder
    from course_utils.encoder.vectors import _computed

    texts = reviews()[0]
    rows = split(0, 1_024)
    known = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=30_000)
    x = known.fit_transform([texts[k] for k in (*rows.train, *rows.valid, *rows.bare)])
    weight = np.random.default_rng(0).normal(size=x.shape[1])
    short = np.random.default_rng(1).permutation(rows.test)[:n]
    load_encoder(MINILM)
    import course_utils.encoder.vectors as room

    room.BATCH = 1  # one text a call
    ways: dict[str, Callable[[str], Any]] = {
        "TF-IDF": lambda text: known.transform([text]) @ weight,
        "static": lambda text: _computed([text], STATIC) @ np.ones(STATIC.width),
        "MiniLM": lambda text: _computed([text], MINILM) @ np.ones(MINILM.width),
    }
    found = {}
    for name, run in ways.items():
        for k in short[:40]:
            run(texts[k])  # one graph a length
        times = []
        for k in short:
            before = time.process_time_ns()
            run(texts[k])
            times.append((time.process_time_ns() - before) / 1e6)
        found[name] = {
            "p50": round(float(np.median(times)), 3),
            "p99": round(float(np.quantile(times, 0.99)), 3),
        }
    return found


def small() -> float:
    """TF-IDF on 256 labels of one split, for the test: it needs no encoder."""
    rows, y = split(0, 256), reviews()[1]
    x = words_of(rows)
    model, _ = on_labels(x, rows, "words")
    return float(auc(y[rows.test], model.decision_function(x[rows.test])))


STORED = Stored(
    paths.RESULTS / "distilled_reviews.json",
    {"seeds": SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "latency": latency,
    **{f"{n} labels": partial(way, n) for n in LABELS},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
