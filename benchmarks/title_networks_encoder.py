"""Pretrained encoders beside lesson 50's rivals: vectors of titles, and a linear model on them.

    python benchmarks/title_networks_encoder.py

makes results/title_networks_encoder.json: half an hour on one core, nearly all of it for the
vectors, which are kept in the cache. The titles, the judge and the choice on a sixth shop are those
of title_networks.py. MiniLM and the static vectors read the English title, as they know no
Chinese; E5 reads both titles as one text.

- The contest: 1,500 titles to train on.
- Few labels: the first 150 of them, and 50 to choose thresholds; TF-IDF is fitted on these 150.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import title_networks as first
from parts import Stored
from scipy import sparse

from course_utils import paths
from course_utils.encoder import E5, MINILM, STATIC, encode
from course_utils.labels import named_labels

FEW = 150, 50
"""Titles to train on, and to choose thresholds."""
STRENGTHS = [{"C": C} for C in (1, 10, 100)]
TF_IDF, MINI, BOTH = "linear, TF-IDF", "linear, MiniLM", "linear, TF-IDF and E5"
COLUMNS = {
    TF_IDF: "tf-idf",
    "linear, static vectors": "static",
    MINI: "minilm",
    "linear, E5": "e5",
    BOTH: "both",
}
WAYS: dict[str, first.Way] = {
    name: (partial(first.logistic, columns), STRENGTHS) for name, columns in COLUMNS.items()
} | {
    "word lookup": (first.lookup, first.ONE),
    "linear, named labels": first.WAYS["linear, named labels"],
}


@cache
def titles(seed: int) -> first.Text:
    """The contest's titles with vectors among their columns."""
    text = first.titles(seed)
    en = text.table["title_en"].tolist()
    vectors = {
        "static": encode(en, STATIC),
        "minilm": encode(en, MINILM),
        "e5": encode([f"query: {both}" for both in text.texts], E5),
    }
    columns = {name: sparse.csr_matrix(one) for name, one in vectors.items()}
    both = sparse.hstack([text.columns["tf-idf"], columns["e5"]]).tocsr()
    return replace(text, columns={**text.columns, **columns, "both": both})


@cache
def few(seed: int) -> first.Text:
    """The same with few labels: what is counted in TF-IDF is counted in these few."""
    text = titles(seed)
    train, valid = text.train[: FEW[0]], text.valid[: FEW[1]]
    en, zh = text.table["title_en"].tolist(), text.table["title_zh"].tolist()
    chars = first.tf_idf(zh, train, analyzer="char", ngram_range=(1, 3))
    words = sparse.hstack([first.tf_idf(en, train), chars]).tocsr()
    both = sparse.hstack([words, text.columns["e5"]]).tocsr()
    return replace(
        text, columns={**text.columns, "tf-idf": words, "both": both}, train=train, valid=valid
    )


def small() -> dict[str, float]:
    """What a test can recompute in seconds, without a pretrained model."""
    text = first.titles(first.SIXTH)
    named = named_labels(text.table, "en").mean()
    scores = first.judged(text, first.logistic("tf-idf", text, C=10))
    return {"named": round(float(named), 5), "TF-IDF": scores["PR-AUC"]}


def chosen(make: Callable[[int], first.Text]) -> dict[str, Any]:
    return first.chosen(WAYS, make)


STORED: Stored = Stored(
    paths.RESULTS / "title_networks_encoder.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "chosen": partial(chosen, titles),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), WAYS, titles),
    "chosen, few": partial(chosen, few),
    "few": partial(first.on_shops, STORED.earlier("chosen, few"), WAYS, few),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
