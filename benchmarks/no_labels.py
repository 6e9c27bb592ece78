"""Reading reviews without a label: lists of words and pairs of sentences (lesson 30).

    python benchmarks/no_labels.py

measures what is missing or stale, each part kept in results/no_labels.json as soon as it is done:
five minutes of one core. Texts, labels and test products are those of ``few_labels`` and
``few_labels_topic``, so that these rivals stand beside their curves.

A list of words: how often a review has words for, minus how often words against. Two sentences: the
review's cosine to the first minus that to the second. The lists and the first pair of each label
were written before any was measured, the other pairs after that; nothing is tuned, all are stored.
The verdict is on the mean of the five pairs, since nobody without labels knows which is best.

``departments``: the learning curves of ``few_labels_topic`` for the other four departments, each
with trials of its own. ``Chinese``: what a list of words and what English words say of the Chinese
reviews of ``cross_language``, and how often E5's head is right at its own threshold.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cross_language
import few_labels
import few_labels_topic
import numpy as np
from few_labels import CS, LINEAR, SEEDS, TUNING_SEEDS, reviews
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.encoder import E5, MINILM, STATIC, encode
from course_utils.shop import Shop

SIZES = (8, 32, 512)
OTHERS = ("Tops", "Dresses", "Intimate", "Jackets")
WORDS = {
    "Bottoms": (
        "pants? jeans? skirts? shorts",
        "dress(?:es)? tops? shirts? blouses? sweaters? jackets? coats? tees? cardigans? bra",
    ),
    "recommended": (
        "love perfect great comfortable compliments flattering",
        "disappointed return(?:ed|ing)? unfortunately cheap poor bad not huge wanted",
    ),
}
SENTENCES = {
    "Bottoms": (
        (
            "a review of pants, jeans, a skirt or shorts",
            "a review of a dress, a top, a sweater or a jacket",
        ),
        ("bottoms: pants, jeans, skirts, shorts", "tops, dresses, jackets, intimates"),
        ("pants jeans skirt shorts", "clothes"),
        ("pants", "dress"),
        ("I bought these trousers", "I bought this dress"),
    ),
    "recommended": (
        (
            "I recommend this, I love it, it fits perfectly",
            "I do not recommend this, I am disappointed, I return it",
        ),
        ("recommended", "not recommended"),
        ("a positive review", "a negative review"),
        ("I love it", "I am sending it back"),
        ("good", "bad"),
    ),
}
CHINESE_WORDS = (
    "很好 不错 喜欢 满意 值得 方便 舒服 漂亮 推荐 好看",
    "差 失望 不好 问题 退 坏 后悔 难 慢 垃圾",
)


def labels(name: str) -> np.ndarray:
    if name == "recommended":
        return few_labels.labels()
    return np.asarray(reviews()["department"].eq(name).to_numpy().astype(int))


def drawn(name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The split of ``few_labels``; its order drawn again until the first eight hold two of each."""
    pool, test = few_labels.drawn(seed)
    rng, y = np.random.default_rng(1_000 + seed), labels(name)
    while not 2 <= y[pool[: SIZES[0]]].sum() <= SIZES[0] - 2:
        pool = rng.permutation(pool)
    return pool, test


def listed(name: str) -> np.ndarray:
    """Words for minus words against, a review."""
    texts = reviews()["all"].str.lower()
    of, against = (
        texts.str.count(rf"\b(?:{'|'.join(one.split())})\b").to_numpy(float) for one in WORDS[name]
    )
    return np.asarray(of - against)


def judged(name: str, said: np.ndarray) -> list[float]:
    y = labels(name)
    tests = [drawn(name, seed)[1] for seed in SEEDS]
    return [round(float(roc_auc_score(y[test], said[test])), 5) for test in tests]


def by_sentences(name: str, model: str) -> Any:
    """Pair of sentences -> AUC by draw."""
    x, found = few_labels.vectors(model), {}
    for pair in SENTENCES[name]:
        one, other = encode(list(pair), {"MiniLM": MINILM, "static": STATIC}[model])
        found[" | ".join(pair)] = judged(name, x @ (one - other))
    return found


def department(name: str, way: str) -> Any:
    return few_labels_topic.curve(
        LINEAR[way], partial(labels, name), partial(drawn, name), CS, SIZES
    )


def in_chinese() -> Any:
    """What needs no Chinese label either, and the head's own threshold."""
    (texts, y), (others, z) = cross_language.english(), cross_language.chinese()
    of, against = (
        np.array([sum(word in text for word in one.split()) for text in others])
        for one in CHINESE_WORDS
    )
    x, w = (cross_language.vectors(one, "E5") for one in (texts, others))
    found: dict[str, list[float]] = {}

    def keep(way: str, value: float) -> None:
        found.setdefault(way, []).append(round(float(value), 5))

    for seed in SEEDS:
        rows, _, test = cross_language.splits(seed)
        keep("list of words", roc_auc_score(z[test], (of - against)[test]))
        reader = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        english = reader.fit_transform([texts[k] for k in rows])
        model = cross_language.head(y[rows], cross_language.CS_WORDS, scaled=False)
        said = model.fit(english, y[rows]).predict_proba(
            reader.transform([others[k] for k in test])
        )
        keep("English words", roc_auc_score(z[test], said[:, 1]))
        p = cross_language.head(y[rows]).fit(x[rows], y[rows]).predict_proba(w[test])[:, 1]
        keep("E5, accuracy at .5", ((p >= 0.5) == z[test]).mean())
        middle = np.median(p)
        keep("E5, accuracy at the median", ((p >= middle) == z[test]).mean())
    latin = [bool(re.search("[A-Za-z]{2}", one)) for one in others]
    return found | {"with a Latin word": round(float(np.mean(latin)), 4)}


def across() -> Any:
    """A Chinese title among 60 English ones, and the other way round: is the right one first?"""
    found: dict[str, list[float]] = {"Chinese to English": [], "English to Chinese": []}
    for seed in SEEDS:
        listings = Shop(seed, n_users=1_000, n_products=1_000).listings
        rows = np.random.default_rng(seed).permutation(len(listings))[:60]
        zh, en = (
            encode([f"query: {one}" for one in listings[column].iloc[rows]], E5)
            for column in ("title_zh", "title_en")
        )
        right = np.arange(len(rows))
        found["Chinese to English"].append(round(float(((zh @ en.T).argmax(1) == right).mean()), 4))
        found["English to Chinese"].append(round(float(((en @ zh.T).argmax(1) == right).mean()), 4))
    return found


def ranked() -> Any:
    """One text against six of the other language: E5's cosines."""
    texts = (
        "waterproof jacket",
        "rice cooker",
        "running shoes",
        "phone case",
        "umbrella",
        "desk lamp",
    )
    others = ("防水夹克", "电饭煲", "跑鞋", "手机壳", "雨伞", "台灯")
    a, b = (encode([f"query: {one}" for one in of], E5) for of in (texts, others))
    return {"English": texts, "Chinese": others, "cosine": (a @ b.T).round(3).tolist()}


def shuffled() -> Any:
    """Label -> AUC of one head on reviews as written and with their words shuffled, by draw."""
    found: dict[str, dict[str, list[float]]] = {}
    x = few_labels.vectors("MiniLM")
    for seed in SEEDS:
        pool, test = few_labels.drawn(seed)
        rng = np.random.default_rng(seed)
        test = rng.permutation(test)[:SHUFFLED]
        texts = reviews()["all"].iloc[test]
        mixed = encode([" ".join(rng.permutation(one.split())) for one in texts], MINILM)
        for name in WORDS:
            y, kept = labels(name), found.setdefault(name, {"as written": [], "shuffled": []})
            model = few_labels.logistic(3.0).fit(x[pool[:2_048]], y[pool[:2_048]])
            for way, asked in (("as written", x[test]), ("shuffled", mixed)):
                auc = roc_auc_score(y[test], model.decision_function(asked))
                kept[way].append(round(float(auc), 5))
    return found


SHUFFLED = 120
PARTS: Mapping[str, Callable[[], Any]] = {
    "list, recommended": lambda: judged("recommended", listed("recommended")),
    "list, Bottoms": lambda: judged("Bottoms", listed("Bottoms")),
    **{
        f"sentences, {name}, {model}": partial(by_sentences, name, model)
        for name in WORDS
        for model in ("MiniLM", "static")
    },
    "ranked": ranked,
    **{
        f"{name}, {way}": partial(department, name, way)
        for name in OTHERS
        for way in ("MiniLM", "words")
    },
    "Chinese": in_chinese,
    "across": across,
    "shuffled": shuffled,
}

CODE: Sequence[Any] = (few_labels, few_labels_topic, cross_language)
STORED = Stored(
    paths.RESULTS / "no_labels.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
