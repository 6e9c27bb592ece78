"""New products' titles in other words or without label words; the text's own weight (lesson 30).

    python benchmarks/cold_titles_more.py

measures what is missing or stale, each part kept in results/cold_titles_more.json as soon as it is
done: two minutes of one core. Shops, new products, penalties and metric are those of
``cold_titles``; what is learnt from the known products is the same.

``titles``: the new products' titles as written, with each label in other words, and with the label
words deleted: the floor that the other two stand on. Alone and beside the columns.

``scale``: columns and text share one penalty, so a text that says little is shrunk as little as the
columns. Here the text is multiplied by one of six numbers first; number and penalty are chosen on
the tuning shops.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cold_titles as cold
import numpy as np
import pandas as pd
from cold_titles import PENALTIES, REWORDED, SEEDS, TUNING_SEEDS
from parts import Stored

from course_utils import paths
from course_utils.shop.labels import LABELS

SCALES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
BESIDE = ("words", "MiniLM", "label words")


def deleted(titles: pd.Series) -> pd.Series:
    """The same titles without their label words."""
    for label in LABELS:
        titles = titles.str.replace(rf"\b{label.en}\b", " ", case=False, regex=True)
    return titles.str.replace(r"\s+", " ", regex=True).str.strip()


@cache
def asked(seed: int, content: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Purchases of the new products, centred ones of the known, and which products are new."""
    market = cold.shop(seed, content)
    products = market.products["product_id"]
    new = cold.new_products(seed, len(products))
    y = cold.bought(market.purchases, market.users["user_id"], products)
    return y[:, new], y[:, ~new] - y[:, ~new].mean(axis=1, keepdims=True), new


@cache
def tables(seed: int, content: float) -> Mapping[str, np.ndarray]:
    return cold.tables_of(seed, content)


def in_other_words(content: float, chosen: Mapping[str, float]) -> Any:
    """Version of the new titles -> way -> AUC by shop, with the penalties of ``cold_titles``."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in SEEDS:
        wanted, known, new = asked(seed, content)
        known_of = tables(seed, content)
        titles = cold.shop(seed, content).listings["title_en"]
        without = cold.texts(titles.where(~new, deleted(titles)), ~new, titles)
        versions: dict[str, Mapping[str, np.ndarray]] = {
            "as written": known_of,
            "reworded": {name: known_of[f"{name}, reworded"] for name in REWORDED},
            "deleted": without,
        }
        for version, text in versions.items():
            kept = found.setdefault(version, {})
            for name in REWORDED:
                x, said = known_of[name], text[name]
                auc = cold.user_auc(wanted, cold.scores(known, x, new, said, chosen[name]))
                kept.setdefault(name, []).append(auc)
                both = f"columns and {name}"
                if both in chosen:
                    x, said = (np.hstack([known_of["columns"], one]) for one in (x, said))
                    auc = cold.user_auc(wanted, cold.scores(known, x, new, said, chosen[both]))
                    kept.setdefault(both, []).append(auc)
    return found


def scaled(content: float) -> Any:
    """Way -> scale and penalty chosen on the tuning shops, what was tried, and AUC by shop."""
    pairs = [(scale, penalty) for scale in SCALES for penalty in PENALTIES]

    def one(seed: int, name: str, scale: float, penalty: float) -> float:
        wanted, known, new = asked(seed, content)
        known_of = tables(seed, content)
        text = known_of.get(name)
        if text is None:
            text = cold.named(cold.shop(seed, content).listings["title_en"])
        x = np.hstack([known_of["columns"], scale * text])
        return cold.user_auc(wanted, cold.scores(known, x, new, x, penalty))

    found = {}
    for name in BESIDE:
        tried = {
            pair: float(np.mean([one(seed, name, *pair) for seed in TUNING_SEEDS]))
            for pair in pairs
        }
        best = max(tried, key=lambda pair: tried[pair])
        found[f"columns and {name}"] = {
            "chosen": best,
            "tried": {
                f"{scale:g}": round(max(tried[scale, penalty] for penalty in PENALTIES), 5)
                for scale in SCALES
            },
            "auc": [one(seed, name, *best) for seed in SEEDS],
        }
    return found


STORED = Stored(
    paths.RESULTS / "cold_titles_more.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

PARTS = {
    "titles": partial(in_other_words, 2.0, cold.STORED.earlier("content 2", "chosen")),
    "scale, content 0": partial(scaled, 0.0),
    "scale, content 2": partial(scaled, 2.0),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
