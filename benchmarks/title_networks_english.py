"""TF-IDF of the English title alone, beside encoders that read no more (lesson 50).

    python benchmarks/title_networks_english.py

makes results/title_networks_english.json: half a minute. Titles, judge and choice are those of
``title_networks_encoder.py``; it is the rival of MiniLM and of the static vectors, which know no
Chinese.
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
import title_networks_encoder as base
from parts import Stored

from course_utils import paths

ENGLISH = "linear, TF-IDF, English"
WAYS: dict[str, first.Way] = {ENGLISH: (partial(first.logistic, "english"), base.STRENGTHS)}


@cache
def titles(seed: int, few: bool = False) -> first.Text:
    """The contest's titles with the English one's TF-IDF; few: as many as ``base.FEW``."""
    text = first.titles(seed)
    train, valid = text.train, text.valid
    if few:
        train, valid = train[: base.FEW[0]], valid[: base.FEW[1]]
    english = first.tf_idf(text.table["title_en"].tolist(), train)
    columns = {**text.columns, "english": english}
    return replace(text, columns=columns, train=train, valid=valid)


few = partial(titles, few=True)


STORED: Stored = Stored(
    paths.RESULTS / "title_networks_english.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": partial(first.chosen, WAYS, titles),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), WAYS, titles),
    "chosen, few": partial(first.chosen, WAYS, few),
    "few": partial(first.on_shops, STORED.earlier("chosen, few"), WAYS, few),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
