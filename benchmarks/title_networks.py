"""Networks on titles beside their plain rivals: what lesson 50 shows of five shops and real text.

    python benchmarks/title_networks.py

makes results/title_networks.json, some seven CPU minutes. Parts that are done are kept, so a
stopped run goes on where it was.

Every way reads the same titles: 1,500 of a shop to train on, 500 to stop, to choose thresholds
and nothing else, 2,500 to be judged. Each chooses among three settings on a sixth shop, by PR-AUC.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, log_loss
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from course_utils import paths
from course_utils.backend import keras
from course_utils.datasets import load
from course_utils.labels import LABEL_NAMES, best_thresholds, label_posterior, named_labels
from course_utils.labels.titles import (
    TitleTrainer,
    probabilities,
    title_network,
    title_vectorizer,
)
from course_utils.shop import Shop

SHOPS, SIXTH = range(5), 5
TRAIN, VALID, JUDGED = 1_500, 500, 2_500
MENTIONS = 0.05
LARGE = 8_000
MOST_TOKENS, LONGEST = 3_000, 60
Scores = dict[str, float]


@dataclass(frozen=True)
class Text:
    """Texts and labels, the first rows to train on, the next to stop and choose, the rest to judge.

    texts: what a network reads. columns: what the linear model reads, by name. y: ``[n, labels]``.
    """

    texts: Sequence[str]
    columns: Mapping[str, Any]
    y: np.ndarray
    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    table: pd.DataFrame

    @cached_property
    def ids(self) -> np.ndarray:
        vectorizer = title_vectorizer([self.texts[row] for row in self.train], MOST_TOKENS)
        return np.asarray(vectorizer(list(self.texts)))[:, :LONGEST]


def labels_of(table: pd.DataFrame) -> np.ndarray:
    encoder = MultiLabelBinarizer(classes=LABEL_NAMES)
    return np.asarray(encoder.fit_transform(table["labels"].str.split("|")))


def tf_idf(text: Sequence[str], train: np.ndarray, **settings: Any) -> Any:
    known = [text[row] for row in train]
    return TfidfVectorizer(**{"min_df": 2} | settings).fit(known).transform(text)


@cache
def titles(seed: int, labelled: int = TRAIN + VALID) -> Text:
    """A shop's titles in both languages; a quarter of the labelled ones is for validation."""
    table = Shop(seed, n_products=labelled + JUDGED, mentions=MENTIONS).listings
    rows, cut = np.arange(len(table)), labelled * TRAIN // (TRAIN + VALID)
    train = rows[:cut]
    en, zh = table["title_en"].tolist(), table["title_zh"].tolist()
    chars = tf_idf(zh, train, analyzer="char", ngram_range=(1, 3))
    department = pd.get_dummies(table["department"]).to_numpy()
    named = [named_labels(table, "en"), named_labels(table, "zh"), department]
    columns = {
        "tf-idf": sparse.hstack([tf_idf(en, train), chars]).tocsr(),
        "named": sparse.csr_matrix(np.hstack(named).astype(float)),
    }
    both = [f"{one} {other}" for one, other in zip(en, zh, strict=True)]
    return Text(both, columns, labels_of(table), train, rows[cut:labelled], rows[labelled:], table)


@cache
def negated(seed: int) -> Text:
    """English titles in which a label that is absent is named with "non" before it."""
    table = Shop(seed, n_products=TRAIN + VALID + JUDGED, mentions=0.1).listings
    named, has = named_labels(table, "en"), labels_of(table) == 1
    en = []
    for title, false in zip(table["title_en"], named & ~has, strict=True):
        for j in np.flatnonzero(false):
            pattern = rf"\b({re.escape(LABEL_NAMES[j])})\b"
            title = re.sub(pattern, r"non \1", title, flags=re.IGNORECASE)
        en.append(title)
    rows = np.arange(len(table))
    train = rows[:TRAIN]
    columns = {
        "words": tf_idf(en, train),
        "words and pairs": tf_idf(en, train, ngram_range=(1, 2)),
    }
    valid, test = rows[TRAIN : TRAIN + VALID], rows[TRAIN + VALID :]
    return Text(en, columns, labels_of(table), train, valid, test, table)


# The ways: from texts and a setting to the probabilities of all rows.


def logistic(columns: str, text: Text, C: float, y: np.ndarray | None = None) -> np.ndarray:
    """One logistic regression a label; a label that is nan for a row does not read it."""
    x, y = text.columns[columns], text.y if y is None else y
    if not np.isnan(y).any():
        model = OneVsRestClassifier(LogisticRegression(C=C, solver="liblinear"))
        return np.asarray(model.fit(x[text.train], y[text.train]).predict_proba(x))
    p = []
    for label in y.T:
        known = text.train[~np.isnan(label[text.train])]
        model = LogisticRegression(C=C, solver="liblinear").fit(x[known], label[known])
        p.append(model.predict_proba(x)[:, 1])
    return np.column_stack(p)


TRAINERS: dict[tuple[Any, ...], TitleTrainer] = {}
"""One traced graph for each network: shops and settings draw its weights anew."""


def trainer(n_labels: int, pooling: str, kernel: int, dropout: float) -> TitleTrainer:
    key = n_labels, pooling, kernel, dropout
    if key not in TRAINERS:
        network = title_network(
            MOST_TOKENS, n_labels, pooling=pooling, kernel=kernel, width=64, dropout=dropout
        )
        TRAINERS[key] = TitleTrainer(network)
    return TRAINERS[key]


def network(
    pooling: str,
    kernel: int,
    text: Text,
    dropout: float,
    rate: float,
    y: np.ndarray | None = None,
    seed: int = 0,
) -> np.ndarray:
    ids, y = text.ids, text.y if y is None else y
    one = trainer(y.shape[1], pooling, kernel, dropout)
    parts = [(ids[rows], y[rows]) for rows in (text.train, text.valid)]
    one.fit(*parts, seed=seed, learning_rate=rate, patience=3)
    return probabilities(one.network, ids)


ARTICLE: list[Any] = []


def article(text: Text, C: float = 0) -> np.ndarray:
    """The article's network and training, on ids of tokens: nothing of it chosen."""
    layers = keras.layers
    if not ARTICLE:
        inputs = keras.Input((50,))
        x = layers.Embedding(10_000, 64)(inputs)
        x = layers.Conv1D(128, 5, activation="relu")(x)
        x = layers.Dense(128, activation="relu")(layers.GlobalMaxPooling1D()(x))
        network = keras.Model(inputs, layers.Dense(24, activation="sigmoid")(x))
        ARTICLE.extend([network, network.get_weights()])
    network, weights = ARTICLE
    network.set_weights(weights)
    network.compile("adam", "binary_crossentropy", jit_compile=False)
    keras.utils.set_random_seed(0)
    ids = np.pad(text.ids, [(0, 0), (0, 50)])[:, :50]
    network.fit(ids[text.train], text.y[text.train], epochs=10, batch_size=32, verbose=0)
    return np.asarray(network.predict(ids, batch_size=1_000, verbose=0), dtype=float)


def rates(text: Text, C: float = 0) -> np.ndarray:
    return np.tile(text.y[text.train].mean(axis=0), (len(text.y), 1))


def lookup(text: Text, C: float = 0) -> np.ndarray:
    """How many of the two titles name a label, as a share."""
    return (named_labels(text.table, "en") * 1.0 + named_labels(text.table, "zh")) / 2


def limit(text: Text, C: float = 0) -> np.ndarray:
    return label_posterior(text.table, "both", MENTIONS)


STRENGTHS = [{"C": C} for C in (0.3, 1, 10)]
NETWORK = [
    {"dropout": dropout, "rate": rate}
    for dropout, rate in ((0.0, 0.003), (0.3, 0.003), (0.3, 0.01))
]
ONE = [{"C": 0}]
Way = tuple[Callable[..., np.ndarray], list[dict[str, float]]]
WAYS: dict[str, Way] = {
    "base rates": (rates, ONE),
    "word lookup": (lookup, ONE),
    "linear, TF-IDF": (partial(logistic, "tf-idf"), STRENGTHS),
    "linear, named labels": (partial(logistic, "named"), STRENGTHS),
    "article's CNN": (article, ONE),
    "CNN, max": (partial(network, "max", 3), NETWORK),
    "attention": (partial(network, "attention", 0), NETWORK),
    "mean": (partial(network, "mean", 0), NETWORK),
}
NEGATED: dict[str, Way] = {
    "linear, words": (partial(logistic, "words"), STRENGTHS),
    "linear, words and pairs": (partial(logistic, "words and pairs"), STRENGTHS),
    "CNN, max": WAYS["CNN, max"],
    "mean": WAYS["mean"],
}


def judged(text: Text, p: np.ndarray) -> Scores:
    """PR-AUC, F1 with the thresholds chosen on the validation rows and at 0.5, log loss."""
    y, q = text.y[text.test], p[text.test]
    cuts = best_thresholds(text.y[text.valid], p[text.valid])
    some = y.any(axis=0)
    macro = partial(f1_score, average="macro", zero_division=0)
    found = {
        "PR-AUC": average_precision_score(y[:, some], q[:, some], average="macro"),
        "micro F1": f1_score(y, q >= cuts, average="micro"),
        "macro F1": macro(y, q >= cuts),
        "macro F1 at 0.5": macro(y, q >= 0.5),
        "log loss": log_loss(y.ravel(), np.clip(q, 1e-6, 1 - 1e-6).ravel()),
    }
    return {name: round(float(value), 5) for name, value in found.items()}


def chosen(ways: Mapping[str, Way], make: Callable[[int], Text]) -> dict[str, Any]:
    """The setting of each way with the best PR-AUC on the sixth shop, and what each setting had."""
    sixth, result = make(SIXTH), {}
    for name, (way, settings) in ways.items():
        tried = [judged(sixth, way(sixth, **one))["PR-AUC"] for one in settings]
        result[name] = {"setting": settings[int(np.argmax(tried))], "PR-AUC": tried}
    return result


def on_shops(
    settings: Mapping[str, Any],
    ways: Mapping[str, Way],
    make: Callable[[int], Text],
    shops: Sequence[int] = SHOPS,
) -> dict[str, dict[str, list[float]]]:
    """Way -> metric -> one number a shop."""
    result: dict[str, Any] = {}
    for seed in shops:
        text = make(seed)
        for name, (way, _) in ways.items():
            scores = judged(text, way(text, **settings[name]["setting"]))
            for metric, value in scores.items():
                result.setdefault(name, {}).setdefault(metric, []).append(value)
    return result


LIMITED: dict[str, Way] = {**WAYS, "Bayes-optimal": (limit, ONE)}


BAYES = {"Bayes-optimal": {"setting": {"C": 0}}}


def contest(settings: Mapping[str, Any]) -> dict[str, Any]:
    return on_shops({**settings, **BAYES}, LIMITED, titles)


def more_rows(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same with four times as many labelled titles, in three shops."""
    names = ("word lookup", "linear, TF-IDF", "linear, named labels", "CNN, max", "mean")
    names += ("Bayes-optimal",)
    ways = {name: LIMITED[name] for name in names}
    return on_shops({**settings, **BAYES}, ways, partial(titles, labelled=LARGE), range(3))


def missing(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Half of the cells nobody looked at: left out, or taken for "has not"."""
    result: dict[str, Any] = {}
    for seed in SHOPS:
        text = titles(seed)
        seen = np.random.default_rng(seed).random(text.y.shape) < 0.5
        cells = {
            "all known": text.y,
            "left out": np.where(seen, text.y, np.nan),
            "taken for no": np.where(seen, text.y, 0),
        }
        for name in ("linear, TF-IDF", "mean"):
            for how, y in cells.items():
                p = WAYS[name][0](text, **settings[name]["setting"], y=y)
                scores = judged(text, p)
                rows = text.test
                scores["calibration"] = round(float(p[rows].sum() / text.y[rows].sum()), 5)
                for metric, value in scores.items():
                    where = result.setdefault(name, {}).setdefault(how, {})
                    where.setdefault(metric, []).append(value)
    return result


# Real text.

FIFTHS = 5
FEWEST = 20


def bricks() -> pd.DataFrame:
    """Bricks of the families with 20 or more, crops and plants apart."""
    table = load("product_taxonomy").dropna(subset=["definition"])
    table = table[~table["segment"].isin(["Crops", "Horticulture Plants"])]
    size = table.groupby("family")["family"].transform("size")
    return table[size >= FEWEST].reset_index(drop=True)


def fifth(
    texts: Sequence[str], y: np.ndarray, table: pd.DataFrame, k: int, **settings: Any
) -> Text:
    """One fifth to judge, half of another to stop and choose, the rest to train on."""
    parts = np.array_split(np.random.default_rng(0).permutation(len(y)), FIFTHS)
    valid = parts[k - 1][::2]
    train = np.setdiff1d(np.arange(len(y)), np.concatenate([parts[k], valid]))
    return Text(
        texts, {"words": tf_idf(texts, train, **settings)}, y, train, valid, parts[k], table
    )


def pair_scores(text: Text, p: np.ndarray, n_segments: int, parent: np.ndarray) -> Scores:
    """Share of bricks with the right segment, the right family, and a family of the segment."""
    y, q = text.y[text.test], p[text.test]
    segment, family = q[:, :n_segments].argmax(axis=1), q[:, n_segments:].argmax(axis=1)
    right = np.take_along_axis(y, segment[:, None], 1)[:, 0]
    return {
        "segment": round(float(right.mean()), 5),
        "family": round(float((family == y[:, n_segments:].argmax(axis=1)).mean()), 5),
        "agree": round(float((parent[family] == segment).mean()), 5),
    }


def gs1() -> dict[str, Any]:
    """Segment and family of a brick: one network for both, one for each, and linear models."""
    table = bricks()
    segments, families = (sorted(table[one].unique()) for one in ("segment", "family"))
    of_family = table.drop_duplicates("family").set_index("family")["segment"]
    parent = np.array([segments.index(of_family[one]) for one in families])
    y = np.hstack(
        [
            table["segment"].to_numpy()[:, None] == np.array(segments),
            table["family"].to_numpy()[:, None] == np.array(families),
        ]
    ).astype(float)
    result: dict[str, Any] = {"sizes": [len(table), len(segments), len(families)]}
    settings: dict[str, Any] = {"C": 30.0}
    for k in range(FIFTHS):
        text = fifth((table["title"] + " " + table["definition"]).tolist(), y, table, k)
        n = len(segments)
        apart = [
            np.where(np.arange(y.shape[1]) < n, y, np.nan),
            np.where(np.arange(y.shape[1]) >= n, y, np.nan),
        ]
        net = partial(network, "mean", 0, text, dropout=0.3, rate=0.01)
        one, other = (net(y=part) for part in apart)
        ways = {
            "base rates": rates(text),
            "linear": logistic("words", text, **settings),
            "network for both": net(),
            "network for each": np.hstack([one[:, :n], other[:, n:]]),
        }
        for name, p in ways.items():
            for metric, value in pair_scores(text, p, n, parent).items():
                result.setdefault(name, {}).setdefault(metric, []).append(value)
    return result


def small() -> dict[str, float]:
    """What a test can recompute in seconds."""
    text = titles(SIXTH)
    found = {
        "linear, TF-IDF": logistic("tf-idf", text, C=1),
        "mean": network("mean", 0, text, dropout=0.3, rate=0.01),
    }
    return {name: judged(text, p)["PR-AUC"] for name, p in found.items()}


STORED = Stored(
    paths.RESULTS / "title_networks.json",
    {"shops": SHOPS},
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "chosen": partial(chosen, WAYS, titles),
    "contest": partial(contest, STORED.earlier("chosen")),
    "chosen, negated": partial(chosen, NEGATED, negated),
    "negated": partial(on_shops, STORED.earlier("chosen, negated"), NEGATED, negated),
    "missing": partial(missing, STORED.earlier("chosen")),
    "gs1": gs1,
    "more rows": partial(more_rows, STORED.earlier("chosen")),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
