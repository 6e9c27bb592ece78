"""And E5? The multilingual encoder on the draws of ``fine_tuning``, up to 128 labels (lesson 30).

    python benchmarks/few_labels_e5.py

measures what is missing or stale, each part kept in results/few_labels_e5.json as soon as it is
done. Draws, labels and trials are those of ``fine_tuning``; the test is the first 400 of its texts,
for every way, since E5's vectors cost twice MiniLM's: five minutes of one core, then cached. For
*Bottoms* the order of a draw's labels is drawn again until the first eight hold two of each class.
Without a label: the list and the five pairs of sentences of ``no_labels``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import few_labels_topic
import fine_tuning
import no_labels
import numpy as np
from few_labels import LINEAR, Make, logistic, reviews
from few_labels_topic import topic
from fine_tuning import CS, SEEDS, TUNING_SEEDS
from parts import Stored, code_of
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.encoder import E5, MINILM, encode

SIZES = (8, 32, 128)
TESTED = 400


LABELS: Mapping[str, Callable[[], np.ndarray]] = {
    "recommended": few_labels.labels,
    "Bottoms": topic,
}


def split(k: int, label: str = "recommended") -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, in order, and rows of the test."""
    train, test = fine_tuning.split(k, SIZES[-1])
    rng, y = np.random.default_rng(k), LABELS[label]()
    while not 2 <= y[train[:8]].sum() <= 6:
        train = rng.permutation(train)
    return train, test[:TESTED]


@cache
def used() -> np.ndarray:
    """The rows that any draw needs."""
    draws = [split(k) for k in (*SEEDS, *TUNING_SEEDS)]
    return np.unique(np.concatenate([one for draw in draws for one in draw]))


@cache
def vectors() -> np.ndarray:
    """In parts, so that nothing is lost if it is stopped."""
    texts = [f"query: {one}" for one in reviews()["all"].iloc[used()]]
    parts = [encode(texts[at : at + 250], E5) for at in range(0, len(texts), 250)]
    return np.concatenate(parts)


def of_e5(rows: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(vectors()[np.searchsorted(used(), rows)])


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


def auc(y: np.ndarray, p: np.ndarray) -> float:
    return round(float(roc_auc_score(y, p)), 5)


def unlabelled(label: str) -> Any:
    """AUC by draw: the list of words, and each pair of sentences by E5 and by MiniLM."""
    y, tests = LABELS[label](), [split(k, label)[1] for k in SEEDS]
    said = no_labels.listed(label)
    found: dict[str, Any] = {"list": [auc(y[test], said[test]) for test in tests]}
    for name, model, make, begin in (
        ("E5", E5, of_e5, "query: "),
        ("MiniLM", MINILM, LINEAR["MiniLM"], ""),
    ):
        found[name] = {}
        for pair in no_labels.SENTENCES[label]:
            good, bad = encode([begin + one for one in pair], model)
            scores = [auc(y[test], make(test, 0) @ (good - bad)) for test in tests]
            found[name][" | ".join(pair)] = scores
    return found


STORED = Stored(
    paths.RESULTS / "few_labels_e5.json",
    (
        *code_of(__file__, (), ()),
        Path(few_labels.__file__).resolve(),
        *(Path(one.__file__).resolve() for one in (fine_tuning, few_labels_topic, no_labels)),
    ),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
WAYS: Mapping[str, Make] = {
    **{name: LINEAR[name] for name in ("words", "characters", "MiniLM")},
    "E5": of_e5,
}
PARTS: dict[str, Callable[[], Any]] = {
    **{
        f"{label}, {name}": partial(curve, make, label)
        for name, make in WAYS.items()
        for label in LABELS
    },
    **{f"{label}, no label": partial(unlabelled, label) for label in LABELS},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
