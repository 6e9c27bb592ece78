"""Rivals that search_rivals and noisy_labels leave out, and an index on real vectors (lesson 31).

    python benchmarks/text_rivals.py

measures what is missing or stale, each part kept in results/text_rivals.json as soon as it is done:
five minutes of one core once the vectors are cached.

Search: weighted sums with character n-grams, of two ways and of three; weights in tenths, chosen as
in search_rivals. Labels: words and MiniLM together, their two log odds over their deviation on the
test rows, added; each with the penalty that noisy_labels' rule chooses. How uncertain the label is
given the text. The index: recall by products on MiniLM's vectors of the clothing reviews.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from noisy_labels import SEEDS, SHARES, STRENGTHS, labels, noisy, reviews, split, vectors
from parts import Stored
from scipy.special import expit
from search_rivals import KINDS, folds, ndcg, scored, standard
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.metrics import auc

GRAMS = "character n-grams"
SUMS = (
    ("BM25", GRAMS),
    (GRAMS, "MiniLM"),
    (GRAMS, "E5"),
    (GRAMS, "MiniLM", "E5"),
    ("BM25", "MiniLM", "E5"),
)
N_VECTORS, N_QUERIES, CELLS = 10_000, 200, 100
PROBES = (1, 2, 4, 8, 16, 32, 64, 100)


def simplex(parts: int) -> list[tuple[float, ...]]:
    """All weights in tenths that add up to 1."""
    return [
        tuple(one / 10 for one in of) for of in product(range(11), repeat=parts) if sum(of) == 10
    ]


def mixed(weights: Sequence[float], made: Sequence[np.ndarray]) -> np.ndarray:
    total = np.asarray(sum(w * of for w, of in zip(weights, made, strict=True)))
    return total - total.min(1, keepdims=True)  # ndcg reads 0 as "not found"


@cache
def tried(ways: tuple[str, ...]) -> tuple[list[tuple[float, ...]], list[np.ndarray]]:
    plain = [standard(scored(way, KINDS[0])[0]) for way in ways]
    return simplex(len(ways)), [ndcg(mixed(w, plain)) for w in simplex(len(ways))]


def summed(ways: tuple[str, ...], kind: str) -> dict[str, Any]:
    """NDCG by query; weights by the other four fifths of the queries as written."""
    settings, known = tried(ways)
    made = [standard(scored(way, kind)[0]) for way in ways]
    found, chosen = np.zeros(len(made[0])), []
    for rows in folds():
        others = np.setdiff1d(np.arange(len(found)), rows)
        w = settings[int(np.argmax([of[others].mean() for of in known]))]
        found[rows] = ndcg(mixed(w, made))[rows]
        chosen.append(w)
    return {"ndcg": np.round(found, 3).tolist(), "chosen": chosen}


def sums(kind: str) -> dict[str, Any]:
    return {" + ".join(ways): summed(ways, kind) for ways in SUMS}


def read(name: str, known: np.ndarray, asked: np.ndarray) -> tuple[Any, Any]:
    """Inputs of the rows to learn from and of those that judge, as in noisy_labels."""
    if name == "MiniLM":
        return vectors()[known], vectors()[asked]
    text = reviews()["text"]
    made = TfidfVectorizer(min_df=2, sublinear_tf=True, ngram_range=(1, 2)).fit(text[known])
    return made.transform(text[known]), made.transform(text[asked])


def said(name: str, seed: int, n: int, share: float, strength: float | None = None) -> np.ndarray:
    """Log odds of the test rows; the penalty as in noisy_labels, or a given one."""
    learned, test = split(seed)
    rows, cut = learned[:n], n - n // 5
    y = noisy(rows, share, seed)
    x, asked = read(name, rows, test)
    if strength is None:
        found = [
            auc(y[cut:], _fit(of, x[:cut], y[:cut]).decision_function(x[cut:]))
            for of in STRENGTHS[name]
        ]
        strength = STRENGTHS[name][int(np.argmax(found))]
    return np.asarray(_fit(strength, x, y).decision_function(asked))


def _fit(strength: float, x: Any, y: Any) -> Any:
    return LogisticRegression(C=strength, max_iter=300).fit(x, y)


def together(seed: int, n: int, share: float) -> float:
    both = [said(name, seed, n, share) for name in STRENGTHS]
    total = sum((of - of.mean()) / of.std() for of in both)
    return round(float(auc(labels()[split(seed)[1]], total)), 5)


def both(n: int) -> dict[str, list[float]]:
    return {str(share): [together(seed, n, share) for seed in SEEDS] for share in SHARES}


def strongest() -> dict[str, list[float]]:
    """1,000 rows with 30 % flipped and C = .1, which no noisy row has chosen."""
    return {
        name: [
            round(float(auc(labels()[split(seed)[1]], said(name, seed, 1_000, 0.3, 0.1))), 5)
            for seed in SEEDS
        ]
        for name in STRENGTHS
    }


def given_the_text() -> dict[str, Any]:
    """Words, 10,000 clean rows: the variance of the label (+1 or -1) given the text, and what a
    flip leaves of the information, all rows alike or weighted as logistic regression does."""
    found: dict[str, Any] = {"squared error": [], "variance": []}
    kept: list[np.ndarray] = []
    for seed in SEEDS:
        p = expit(said("words", seed, 10_000, 0.0, 10.0))
        t = labels()[split(seed)[1]]
        found["squared error"].append(round(float((4 * (p - t) ** 2).mean()), 4))
        found["variance"].append(round(float((4 * p * (1 - p)).mean()), 4))
        kept.append(p)
    for share in SHARES[1:]:
        ratios = []
        for p in kept:
            q = share + (1 - 2 * share) * p
            clean, flipped = p * (1 - p), (1 - 2 * share) ** 2 * (p * (1 - p)) ** 2 / (q * (1 - q))
            ratios.append(round(float(flipped.mean() / clean.mean()), 4))
        found[f"information left, {share}"] = ratios
    return found


def into_cells(x: np.ndarray, c: int, rounds: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """The lesson's own k-means by inner products."""
    centres = x[np.random.default_rng(0).choice(len(x), c, replace=False)]
    for _ in range(rounds):
        cells = (x @ centres.T).argmax(axis=1)
        for cell in np.unique(cells):
            mean = x[cells == cell].mean(axis=0)
            centres[cell] = mean / np.linalg.norm(mean)
    return centres, (x @ centres.T).argmax(axis=1)


def index() -> dict[str, list[list[float]]]:
    """Recall of the exact ten by products a query, five draws of reviews."""
    found: dict[str, list[list[float]]] = {"products": [], "recall": []}
    for seed in SEEDS:
        drawn = np.random.default_rng(seed).permutation(len(vectors()))[: N_VECTORS + N_QUERIES]
        x, asked = vectors()[drawn[:N_VECTORS]], vectors()[drawn[N_VECTORS:]]
        exact = np.argsort(-(asked @ x.T), axis=1)[:, :10]
        centres, cells = into_cells(x, CELLS)
        order = np.argsort(-(asked @ centres.T), axis=1)
        sizes, rank = np.bincount(cells, minlength=CELLS), np.argsort(order, axis=1)
        at = rank[np.arange(N_QUERIES)[:, None], cells[exact]]
        found["products"].append(
            [round(float(CELLS + sizes[order[:, :n]].sum(1).mean()), 1) for n in PROBES]
        )
        found["recall"].append([round(float((at < n).mean()), 4) for n in PROBES])
    return found


def small() -> list[float]:
    """Words alone, once more, for the test: 300 rows, a fifth flipped."""
    return [round(float(auc(labels()[split(0)[1]], said("words", 0, 300, 0.2))), 5)]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "index": index,
    **{f"sums, {kind}": partial(sums, kind) for kind in KINDS},
    **{f"both, {n:,} rows": partial(both, n) for n in (300, 1_000, 3_000)},
    "strongest penalty": strongest,
    "given the text": given_the_text,
}
STORED = Stored(
    paths.RESULTS / "text_rivals.json",
    {"seeds": SEEDS},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
