"""Words that training never had: misspelt, or of another department (lesson 30).

    python benchmarks/unseen_words.py

measures what is missing or stale, each part kept in results/unseen_words.json once it is done.

*Misspelt*: 200 test reviews a seed; each word of four letters or more is misspelt with a chance
of .3, or not: two letters inside change places, one is lost, or one is written twice. Training is
as it was, on 2,048 labels. *Department*: the test is one department on unseen products;
training, on 2,048 labels of other products, has no review of this department, or has them by lot.
The trials are those of ``few_labels`` at 2,048 labels. Five minutes of one core.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import numpy as np
from few_labels import LINEAR, drawn, judged, labels, logistic, reviews
from parts import Stored
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.encoder import MINILM, STATIC, encode

SEEDS = range(6)
SIZE, TESTED = 2_048, 200
CHANCES = (0.0, 0.3)
DEPARTMENTS = ("Tops", "Dresses", "Bottoms", "Intimate", "Jackets")
FOR_DEPARTMENTS = ("words", "MiniLM", "words and MiniLM")
VECTORS = {"static vectors": STATIC, "MiniLM": MINILM}


def misspelt(text: str, chance: float, rng: np.random.Generator) -> str:
    """Each word of four letters or more, with this chance, with one slip inside."""

    def slip(found: re.Match[str]) -> str:
        word = found.group()
        if rng.random() >= chance:
            return word
        at, what = rng.integers(1, len(word) - 2), rng.integers(3)
        if what == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at + 1 :] if what == 1 else word[: at + 1] + word[at:]

    return re.sub("[A-Za-z]{4,}", slip, text)


@cache
def tested(seed: int, chance: float) -> tuple[np.ndarray, list[str]]:
    """Rows of the test, and their texts with slips."""
    _, test = drawn(seed)
    rng = np.random.default_rng(seed)
    rows = rng.permutation(test)[:TESTED]
    return rows, [misspelt(one, chance, rng) for one in reviews()["all"].iloc[rows]]


def features(way: str, train: list[str], test: list[str]) -> tuple[Any, Any]:
    """Numbers of training texts and of test texts."""
    if way == "words and MiniLM":
        pairs = [features(one, train, test) for one in ("words", "MiniLM")]
        both = [sparse.hstack([a, sparse.csr_matrix(b)]) for a, b in zip(*pairs, strict=True)]
        return both[0], both[1]
    if way in VECTORS:
        return encode(train, VECTORS[way]), encode(test, VECTORS[way])
    how = {"ngram_range": (1, 2)} if way == "words" else {"analyzer": "char_wb"}
    reader = TfidfVectorizer(**({"ngram_range": (2, 4), "sublinear_tf": True} | how))
    return reader.fit_transform(train), reader.transform(test)


def slips(way: str, c: float) -> Any:
    """Chance of a slip -> AUC by seed."""
    y, found = labels(), {}
    for seed in SEEDS:
        train = drawn(seed)[0][:SIZE]
        texts = reviews()["all"].iloc[train].tolist()
        for chance in CHANCES:
            rows, asked = tested(seed, chance)
            known, new = features(way, texts, asked)
            p = logistic(c).fit(known, y[train]).predict_proba(new)[:, 1]
            found.setdefault(str(chance), []).append(judged(y[rows], p)["auc"])
    return found


def unknown() -> Any:
    """Chance of a slip -> the share of test words that no training text has, by seed."""
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        texts = reviews()["all"].iloc[drawn(seed)[0][:SIZE]].str.lower().str.findall("[a-z]+")
        known = {one for text in texts for one in text}
        for chance in CHANCES:
            asked = [re.findall("[a-z]+", one.lower()) for one in tested(seed, chance)[1]]
            new = [one not in known for text in asked for one in text]
            found.setdefault(str(chance), []).append(round(float(np.mean(new)), 4))
    return found


def departments(way: str, c: float) -> Any:
    """Department -> AUC by seed with it in training by lot, and with none of it."""
    of, found = reviews()["department"].to_numpy(), {}
    for seed in SEEDS:
        pool, test = drawn(seed)
        seen = fitted(way, c, pool[:SIZE], test)
        for name in DEPARTMENTS:
            tested = test[of[test] == name]
            unseen = fitted(way, c, pool[of[pool] != name][:SIZE], tested)
            pair = found.setdefault(name, {"seen": [], "unseen": []})
            y = labels()[tested]
            pair["seen"].append(judged(y, seen[of[test] == name])["auc"])
            pair["unseen"].append(judged(y, unseen)["auc"])
    return found


def fitted(way: str, c: float, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """What a regression learnt from the training rows says of the test rows."""
    x = LINEAR[way](np.concatenate([train, test]), len(train))
    model = logistic(c).fit(x[: len(train)], labels()[train])
    return np.asarray(model.predict_proba(x[len(train) :])[:, 1])


def small() -> str:
    """One sentence with slips, for the test."""
    return misspelt("This dress is beautiful, but it runs large.", 1.0, np.random.default_rng(0))


STORED = Stored(
    paths.RESULTS / "unseen_words.json",
    {"seeds": SEEDS},
)


def chosen(way: str) -> Any:
    """The C that ``few_labels`` found for this size."""
    return few_labels.STORED.earlier(way, str(SIZE), "chosen")


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "unknown": unknown,
    **{f"department, {way}": partial(departments, way, chosen(way)) for way in FOR_DEPARTMENTS},
    **{f"slips, {way}": partial(slips, way, chosen(way)) for way in LINEAR},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
