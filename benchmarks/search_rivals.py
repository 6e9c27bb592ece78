"""Words, static vectors, encoders and their fusion on real product texts (lesson 31).

    python benchmarks/search_rivals.py

measures what is missing or stale, each part kept in results/search_rivals.json as soon as it is
done: ten minutes of one core where no vector is cached yet. A query is the title of a brick of
GS1's classification, the text to find its definition; the title itself is in no text. 1,033 bricks
of the segments of a shop for consumers. The same with a spelling mistake in each query.

A fifth of the queries is judged with the settings that are best on the other four, for every way
that has some. NDCG at 10 has one relevant text: 1 / log2(1 + its position), the mean of all orders
of equal scores; a text without a score above 0 is not found. What is re-ranked is a list: there a
tie of RRF goes to the text that MiniLM has first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import E5, MINILM, STATIC, encode
from course_utils.search import best, bm25_scores, fuse, lsa_scores, words

SEGMENTS = (
    "Arts/Crafts/Needlework",
    "Beauty/Personal Care/Hygiene",
    "Camping",
    "Cleaning/Hygiene Products",
    "Clothing",
    "Communications",
    "Computing",
    "Footwear",
    "Home Appliances",
    "Household/Office Furniture/Furnishings",
    "Kitchenware and Tableware",
    "Music",
    "Personal Accessories",
    "Pet Care/Food",
    "Toys/Games",
)
FOLDS, TOP, DEEP = 5, 10, 100
EMPTY = {"a", "and", "for", "in", "non", "of", "or", "other", "products", "the", "to", "with"}
"""Words of a title that say nothing about its product."""

KINDS = ("as written", "misspelt")
RETRIEVERS = ("BM25", "character n-grams", "LSA", "static vectors", "MiniLM", "E5")
PAIRS = (("BM25", "static vectors"), ("BM25", "MiniLM"), ("BM25", "E5"), ("MiniLM", "E5"))


def stem(word: str) -> str:
    """Off with the s of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


@cache
def bricks() -> pd.DataFrame:
    table = load("product_taxonomy").dropna(subset=["definition"])
    table = table[table["segment"].isin(SEGMENTS)].reset_index(drop=True)
    shared = [
        _share(title, text) for title, text in zip(table["title"], table["definition"], strict=True)
    ]
    return table.assign(
        shared=shared, misspelt=[misspelt(t, k) for k, t in enumerate(table["title"])]
    )


def _share(title: str, text: str) -> float:
    """Of the title's words that say something, how many stand in the text."""
    wanted = {stem(word) for word in words(title) if word not in EMPTY}
    return len(wanted & set(stems(text))) / max(1, len(wanted))


def misspelt(title: str, seed: int) -> str:
    """Two neighbouring letters inside the longest word change places."""
    longest = max(words(title), key=len)
    draw = np.random.default_rng(seed)
    for at in draw.permutation(np.arange(1, max(2, len(longest) - 2))):
        a, b = longest[at : at + 2].ljust(2, longest[0])
        if a != b and at + 1 < len(longest):
            wrong = longest[:at] + b + a + longest[at + 2 :]
            return title.lower().replace(longest, wrong, 1)
    return title.lower()


def queries(kind: str) -> list[str]:
    return bricks()["title" if kind == KINDS[0] else "misspelt"].tolist()


def texts() -> list[str]:
    return bricks()["definition"].tolist()


def _grams(low: int, high: int, asked: Sequence[str]) -> np.ndarray:
    model = TfidfVectorizer(analyzer="char_wb", ngram_range=(low, high), sublinear_tf=True)
    table = model.fit_transform(texts())
    return np.asarray((model.transform(asked) @ table.T).toarray())


def _vectors(model: Any, before: tuple[str, str], asked: Sequence[str]) -> np.ndarray:
    query, passage = before
    of_texts = encode([passage + text for text in texts()], model)
    return np.asarray(encode([query + one for one in asked], model) @ of_texts.T)


SETTINGS: Mapping[str, Mapping[str, Callable[[Sequence[str]], np.ndarray]]] = {
    "BM25": {
        f"{name}, b {b}": partial(lambda cut, b, asked: bm25_scores(texts(), asked, cut, b), cut, b)
        for name, cut, b in [
            ("words", words, 0.75),
            ("stems", stems, 0.3),
            ("stems", stems, 0.75),
            ("stems", stems, 1.0),
        ]
    },
    "character n-grams": {
        f"{low} to {high}": partial(_grams, low, high)
        for low, high in [(2, 3), (2, 4), (2, 5), (3, 5)]
    },
    "LSA": {
        f"{size} numbers": partial(
            lambda size, asked: lsa_scores(texts(), asked, stems, size), size
        )
        for size in (100, 200, 400, 800)
    },
    "static vectors": {"as it is": partial(_vectors, STATIC, ("", ""))},
    "MiniLM": {"as it is": partial(_vectors, MINILM, ("", ""))},
    "E5": {"as it is": partial(_vectors, E5, ("query: ", "passage: "))},
}
"""Way -> its settings -> scores of every text for every query."""


def ndcg(scores: np.ndarray) -> np.ndarray:
    """``[queries]``; query k wants text k; the mean over all orders of equal scores."""
    own = np.diag(scores)[:, None]
    above, tied = (scores > own).sum(1), (scores == own).sum(1)
    at = np.arange(scores.shape[1])
    earned = np.r_[0.0, np.cumsum(np.where(at < TOP, 1 / np.log2(at + 2), 0.0))]
    return np.where(own[:, 0] > 0, (earned[above + tied] - earned[above]) / tied, 0.0)


@cache
def folds() -> list[np.ndarray]:
    return np.array_split(np.random.default_rng(0).permutation(len(bricks())), FOLDS)


@cache
def scored(way: str, kind: str) -> tuple[np.ndarray, list[str]]:
    """Scores, every fifth by the setting that is best on the other four, queries as written."""
    asked = queries(kind)
    made = {name: score(asked) for name, score in SETTINGS[way].items()}
    if len(made) == 1:
        return next(iter(made.values())), [*made]
    judged = (
        {name: ndcg(of) for name, of in made.items()} if kind == KINDS[0] else _judged_plain(way)
    )
    found, chosen = np.zeros((len(asked), len(asked))), []
    for rows in folds():
        others = np.setdiff1d(np.arange(len(asked)), rows)
        name = max(judged, key=lambda one: judged[one][others].mean())
        found[rows] = made[name][rows]
        chosen.append(name)
    return found, chosen


@cache
def _judged_plain(way: str) -> dict[str, np.ndarray]:
    asked = queries(KINDS[0])
    return {name: ndcg(score(asked)) for name, score in SETTINGS[way].items()}


def standard(scores: np.ndarray) -> np.ndarray:
    """Each query's scores less their mean, over their deviation."""
    spread = scores.std(1, keepdims=True)
    return (scores - scores.mean(1, keepdims=True)) / np.where(spread > 0, spread, 1.0)


def rrf(
    ways: Sequence[str], kind: str, k: int = 60, weights: Sequence[float] | None = None
) -> np.ndarray:
    """Reciprocal rank fusion of the best hundred; k as in the paper."""
    made = [scored(way, kind)[0] for way in ways]
    # A cosine below 0 is a score as well: only the order counts here.
    ranked = [best(of - of.min() + 1e-9 if (of < 0).any() else of, DEEP) for of in made]
    return fuse(ranked, len(bricks()), k, weights)


def tuned_rrf(a: str, b: str, kind: str) -> tuple[np.ndarray, list[tuple[int, float]]]:
    """k and the weight of a by the other four fifths of queries as written."""
    settings = [(k, w) for k in (1, 10, 60) for w in (0.1, 0.3, 0.5, 0.7, 0.9)]
    tried = [ndcg(rrf((a, b), KINDS[0], k, (w, 1 - w))) for k, w in settings]
    made = [rrf((a, b), kind, k, (w, 1 - w)) for k, w in settings]
    found, chosen = np.zeros_like(made[0]), []
    for rows in folds():
        others = np.setdiff1d(np.arange(len(found)), rows)
        best_of = int(np.argmax([of[others].mean() for of in tried]))
        found[rows] = made[best_of][rows]
        chosen.append(settings[best_of])
    return found, chosen


def weighted(a: str, b: str, kind: str) -> tuple[np.ndarray, list[float]]:
    """w a + (1 - w) b of standardised scores, w by the other four fifths of queries as written."""
    shares = np.linspace(0, 1, 11)
    plain = [standard(scored(way, KINDS[0])[0]) for way in (a, b)]
    tried = [ndcg(_mixed(w, *plain)) for w in shares]
    made = [standard(scored(way, kind)[0]) for way in (a, b)]
    found, chosen = np.zeros_like(made[0]), []
    for rows in folds():
        others = np.setdiff1d(np.arange(len(found)), rows)
        w = shares[int(np.argmax([of[others].mean() for of in tried]))]
        found[rows] = _mixed(w, *(of[rows] for of in made))
        chosen.append(round(float(w), 2))
    return found, chosen


def _mixed(w: float, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    mixed = w * a + (1 - w) * b
    # Above 0 where either is above its mean at all: ndcg reads 0 as "not found".
    return np.asarray(mixed - mixed.min(1, keepdims=True))


def searched(kind: str) -> dict[str, Any]:
    """Way -> NDCG by query, and the setting of each fifth."""
    found: dict[str, Any] = {"chosen": {}, "ndcg": {}}
    for way in RETRIEVERS:
        scores, found["chosen"][way] = scored(way, kind)
        found["ndcg"][way] = _list(ndcg(scores))
    for a, b in PAIRS:
        found["ndcg"][f"RRF {a} + {b}"] = _list(ndcg(rrf((a, b), kind)))
        scores, found["chosen"][f"tuned RRF {a} + {b}"] = tuned_rrf(a, b, kind)
        found["ndcg"][f"tuned RRF {a} + {b}"] = _list(ndcg(scores))
        scores, found["chosen"][f"sum {a} + {b}"] = weighted(a, b, kind)
        found["ndcg"][f"sum {a} + {b}"] = _list(ndcg(scores))
    found["ndcg"]["RRF of all"] = _list(ndcg(rrf(RETRIEVERS, kind)))
    return found


def _list(values: np.ndarray) -> list[float]:
    return np.round(values, 3).tolist()


FIRST = ("BM25", "MiniLM")
"""The two whose RRF gives the ten texts to re-rank."""


def candidates(kind: str = KINDS[0]) -> np.ndarray:
    """``[queries, 10]``, as retrieved; a tie goes to the text that MiniLM has first."""
    order = np.lexsort((-scored(FIRST[1], kind)[0], -rrf(FIRST, kind)), axis=1)
    return np.asarray(order[:, :TOP])


def features(ways: Sequence[str], kind: str = KINDS[0]) -> np.ndarray:
    """``[queries, 10, 2 ways + 1]``: standardised score and 1 / place of each, the list too."""
    at, columns = candidates(kind), []
    for way in ways:
        scores = scored(way, kind)[0]
        place = np.argsort(np.argsort(-scores, 1, kind="stable"), 1, kind="stable") + 1
        columns += [standard(scores), 1 / place]
    taken = [np.take_along_axis(of, at, 1) for of in columns]
    return np.stack([*taken, np.broadcast_to(1 / np.arange(1, TOP + 1), at.shape)], 2)


def of_order(at: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """NDCG by query of ten texts in the order of their scores; ties stay as retrieved."""
    order = np.take_along_axis(at, np.argsort(-scores, 1, kind="stable"), 1)
    hit = order == np.arange(len(at))[:, None]
    return np.asarray((hit / np.log2(np.arange(2, TOP + 2))).sum(1))


MODELS: Mapping[str, tuple[Callable[..., Any], Sequence[Any]]] = {
    "linear": (
        lambda c: LogisticRegression(C=c, max_iter=1000),
        (0.01, 0.1, 1.0, 10.0),
    ),
    "boosted": (
        lambda trial: HistGradientBoostingClassifier(
            max_iter=trial[0], max_leaf_nodes=trial[1], learning_rate=0.05, random_state=0
        ),
        ((50, 3), (50, 7), (200, 3), (200, 7)),
    ),
}


def reranked(ways: Sequence[str]) -> dict[str, Any]:
    """Re-rankers on scores: each fifth by a model of the others; one of these sets the dial."""
    at, x = candidates(), features(ways)
    y = at == np.arange(len(at))[:, None]
    found: dict[str, Any] = {}
    for name, (make, trials) in MODELS.items():
        result, chosen = np.zeros(len(at)), []
        for fold, rows in enumerate(folds()):
            inner = folds()[(fold + 1) % FOLDS]
            rest = np.concatenate(
                [of for k, of in enumerate(folds()) if k not in (fold, (fold + 1) % FOLDS)]
            )
            tried = [_of_model(make(trial), x, y, at, rest, inner).mean() for trial in trials]
            trial = trials[int(np.argmax(tried))]
            result[rows] = _of_model(make(trial), x, y, at, np.concatenate([rest, inner]), rows)
            chosen.append(trial)
        found[name] = {"ndcg": _list(result), "chosen": chosen}
    return found


def _of_model(model: Any, x: Any, y: Any, at: Any, known: Any, asked: Any) -> np.ndarray:
    flat = x[known].reshape(-1, x.shape[2])
    scale = StandardScaler().fit(flat)
    model.fit(scale.transform(flat), y[known].ravel())
    said = model.predict_proba(scale.transform(x[asked].reshape(-1, x.shape[2])))[:, 1]
    order = np.argsort(-said.reshape(len(asked), TOP), 1, kind="stable")
    hit = np.take_along_axis(y[asked], order, 1)
    return np.asarray((hit / np.log2(np.arange(2, TOP + 2))).sum(1))


def reranking() -> dict[str, Any]:
    at = candidates()
    return {
        "as retrieved": _list(of_order(at, -np.broadcast_to(np.arange(TOP), at.shape))),
        "in the ten": float((at == np.arange(len(at))[:, None]).any(1).mean().round(3)),
        "BM25 and MiniLM": reranked(FIRST),
        "all retrievers": reranked(RETRIEVERS),
    }


def facts() -> dict[str, Any]:
    table = bricks()
    return {
        "bricks": len(table),
        "segments": list(SEGMENTS),
        "shared": np.round(table["shared"], 3).tolist(),
        "fold": _fold_of().tolist(),
        "examples": table[["title", "misspelt"]].iloc[:3].to_dict("records"),
    }


def _fold_of() -> np.ndarray:
    of = np.zeros(len(bricks()), int)
    for k, rows in enumerate(folds()):
        of[rows] = k
    return of


def small() -> dict[str, float]:
    """BM25's mean, which needs no pretrained model, for the test."""
    return {"BM25": round(float(ndcg(scored("BM25", KINDS[0])[0]).mean()), 4)}


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "facts": facts,
    **{kind: partial(searched, kind) for kind in KINDS},
    "re-ranking": reranking,
}
STORED = Stored(
    paths.RESULTS / "search_rivals.json",
    {"folds": range(FOLDS)},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
