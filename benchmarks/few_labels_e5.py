"""Another encoder, E5, on both labels of the reviews; and what needs no label at all (lesson 30).

    python benchmarks/few_labels_e5.py

measures what is missing or stale, each part kept in results/few_labels_e5.json as soon as it is
done. The texts are the 1,000 English reviews of ``cross_language``, half of four and five stars,
half of one and two, whose vectors are cached: without three stars and with as many bad ones as good
they are easier than those of ``few_labels``. They are dealt as in ``folds``: up to 128 labels
no text is learnt from in two draws, and none is judged in two; with 512 the labels overlap.

Without a label: five pairs of sentences, by E5, MiniLM and static vectors; for each pair a list of
its own words, so that a list and an encoder are told the same; and the list of ``no_labels``. Last,
the same pairs on the 3,000 Chinese reviews, in English, and five in Chinese. Two minutes of a core.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cross_language
import few_labels
import no_labels
import numpy as np
from few_labels import LINEAR, Make, logistic, reviews
from few_labels_topic import topic
from folds import CS, SEEDS, TUNING_SEEDS, deal
from parts import Stored
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.encoder import E5, MINILM, STATIC, encode

SIZES = (8, 32, 128, 512)
LABELS: Mapping[str, Callable[[], np.ndarray]] = {
    "recommended": few_labels.labels,
    "Bottoms": topic,
}
MODELS = {"E5": E5, "MiniLM": MINILM, "static vectors": STATIC}
IN_CHINESE = (
    ("很好，我很满意", "很差，我很失望"),
    ("好评", "差评"),
    ("推荐", "不推荐"),
    ("好", "坏"),
    ("我喜欢", "我要退货"),
)
STOP = {"a", "an", "the", "i", "it", "this", "is", "am", "of", "or", "and", "do", "in", "on"}


@cache
def used() -> np.ndarray:
    """The rows of the table whose E5 vectors ``cross_language`` needs, in rising order."""
    row = {text: at for at, text in enumerate(reviews()["all"])}
    return np.unique([row[text] for text in cross_language.english()[0]])


@cache
def of_table() -> np.ndarray:
    """E5's vectors, a row a row of ``used``."""
    return cross_language.vectors(reviews()["all"].iloc[used()].tolist(), "E5")


def of_e5(rows: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(of_table()[np.searchsorted(used(), rows)])


WAYS: Mapping[str, Make] = {
    **{name: LINEAR[name] for name in ("words", "characters", "static vectors", "MiniLM")},
    "E5": of_e5,
}


@cache
def split(k: int, label: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, in order, and rows of the test; two of each class in the first eight."""
    fold, learner = deal(reviews()["product_id"].to_numpy()[used()], np.random.default_rng(30))
    rng, y = np.random.default_rng(k), LABELS[label]()
    own = rng.permutation(used()[learner == k])
    while not 2 <= y[own[:8]].sum() <= 6:
        own = rng.permutation(own)
    others = rng.permutation(used()[(learner != k) & (fold != k)])
    return np.concatenate([own, others]), used()[fold == k]


def auc(y: np.ndarray, p: np.ndarray) -> float:
    return round(float(roc_auc_score(y, p)), 5)


def curve(make: Make, label: str) -> Any:
    """Size -> the chosen C of six, and what it gives on the draws that judge."""
    y, found = LABELS[label](), {}

    def fit(k: int, size: int, c: float) -> float:
        train, test = split(k, label)
        train = train[:size]
        x = make(np.concatenate([train, test]), size)
        model = logistic(c).fit(x[:size], y[train])
        return auc(y[test], model.predict_proba(x[size:])[:, 1])

    for size in SIZES:
        tried = [fit(TUNING_SEEDS[0], size, c) for c in CS]
        chosen = CS[int(np.argmax(tried))]
        runs = [fit(k, size, chosen) for k in SEEDS]
        found[str(size)] = {"chosen": chosen, "tried": tried, "auc": runs}
    return found


def counted(texts: Any, of: str, against: str) -> np.ndarray:
    """How often the words of one sentence stand in a text, minus those of the other.

    Words of both sentences, and words like *a* and *it*, count for nothing; *not* counts.
    """
    one, other = (set(re.findall("[a-z]+", text.lower())) - STOP for text in (of, against))
    said = np.zeros(len(texts))
    for sign, known in ((1, one - other), (-1, other - one)):
        if known:
            pattern = rf"\b(?:{'|'.join(sorted(known))})\b"
            said += sign * texts.str.lower().str.count(pattern).to_numpy(float)
    return said


def unlabelled(label: str) -> Any:
    """AUC by draw: the stored list, and for each pair its words as a list and each encoder."""
    y, found = LABELS[label](), {"list": {}, "words of the pair": {}}  # type: ignore[var-annotated]

    def judged(said: Callable[[np.ndarray], np.ndarray]) -> list[float]:
        return [auc(y[test], said(test)) for test in (split(k, label)[1] for k in SEEDS)]

    stored = no_labels.listed(label)
    found["list"]["stored"] = judged(lambda test: stored[test])
    for pair in no_labels.SENTENCES[label]:
        name = " | ".join(pair)
        listed = counted(reviews()["all"], *pair)
        found["words of the pair"][name] = judged(lambda test, said=listed: said[test])
        for way, model in MODELS.items():
            begin = "query: " if way == "E5" else ""
            good, bad = encode([begin + one for one in pair], model)
            found.setdefault(way, {})[name] = judged(
                lambda test, way=way, to=good - bad: WAYS[way](test, 0) @ to
            )
    return found


def chinese() -> Any:
    """AUC on the tests of ``cross_language``: E5 and a pair of sentences, in English or Chinese."""
    texts, z = cross_language.chinese()
    x, found = cross_language.vectors(texts, "E5"), {}
    tests = [cross_language.splits(seed)[2] for seed in cross_language.SEEDS]
    for pair in (*no_labels.SENTENCES["recommended"], *IN_CHINESE):
        good, bad = encode([f"query: {one}" for one in pair], E5)
        said = x @ (good - bad)
        found[" | ".join(pair)] = [auc(z[test], said[test]) for test in tests]
    return found


def facts() -> Any:
    """What the texts hold, and their stars beside the label."""
    y, stars = few_labels.labels()[used()], reviews()["rating"].to_numpy()[used()] > 3
    tests = [split(k, "recommended")[1] for k in SEEDS]
    return {
        "texts": len(used()),
        "recommended": round(float(y.mean()), 4),
        "agrees with stars": round(float((y == stars).mean()), 4),
        "Bottoms": round(float(topic()[used()].mean()), 4),
        "tests": [len(test) for test in tests],
    }


def small() -> float:
    """The list of a pair's own words on the verdict, first draw, for the test: no encoder."""
    pair = no_labels.SENTENCES["recommended"][0]
    test = split(0, "recommended")[1]
    return auc(few_labels.labels()[test], counted(reviews()["all"], *pair)[test])


STORED = Stored(
    paths.RESULTS / "few_labels_e5.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "facts": facts,
    **{
        f"{label}, {name}": partial(curve, make, label)
        for name, make in WAYS.items()
        for label in LABELS
    },
    **{f"{label}, no label": partial(unlabelled, label) for label in LABELS},
    "Chinese, no label": chinese,
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
