"""What people search for, and how relevant each product is to it.

Relevance is a fact about intent and product, not about words: 3 the kind that is meant, with
everything that was asked for; 2 the kind without it; 1 another kind of the same category; 0
anything else. Some queries name the kind by a word that no title contains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.shop.catalogue import CATEGORIES
from course_utils.shop.labels import LABELS
from course_utils.shop.listings import Facts
from course_utils.shop.words import COLOURS, KINDS, LANGUAGES

TYPES = ("kind", "colour", "label", "brand", "synonym", "need")
PLAN = {
    "en": (90, 80, 80, 40, 60, 30),
    "zh": (60, 50, 50, 0, 40, 20),
}
"""How many distinct queries of each type, in the order of ``TYPES``: 600 where the shop is
large enough; a shop of few products has fewer."""

CATEGORY_OF_KIND = np.array([CATEGORIES.index(kind.category) for kind in KINDS])
NOTHING, COLOUR, LABEL, BRAND = range(4)
ASKS = {"kind": NOTHING, "colour": COLOUR, "label": LABEL, "brand": BRAND}
ASKS |= {"synonym": NOTHING, "need": LABEL}


@dataclass(frozen=True)
class Queries:
    """Queries and what they mean.

    Attributes:
        table: see ``make_queries``.
        kind: ``[n]``, row of ``KINDS`` that is meant.
        asks: ``[n]``, which sort of attribute is asked for; value: ``[n]``, its code.
        facts: of the products; brand: ``[n_products]``, codes.
    """

    table: pd.DataFrame
    kind: np.ndarray
    asks: np.ndarray
    value: np.ndarray
    facts: Facts
    brand: np.ndarray

    def relevance(self, q: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Grade 0 to 3 of products (row numbers) for queries (row numbers); they broadcast."""
        kind, asks, value = self.kind[q], self.asks[q], self.value[q]
        same_kind = self.facts.kind[p] == kind
        same_category = CATEGORY_OF_KIND[self.facts.kind[p]] == CATEGORY_OF_KIND[kind]
        met = (
            (asks == NOTHING)
            | ((asks == COLOUR) & (self.facts.colour[p] == value))
            | ((asks == LABEL) & self.facts.has_label[p, np.where(asks == LABEL, value, 0)])
            | ((asks == BRAND) & (self.brand[p] == value))
        )
        return np.where(same_kind, np.where(met, 3, 2), same_category.astype(np.int64))

    def judgements(self) -> pd.DataFrame:
        """Rows ``query``, ``product`` (row numbers) and ``relevance`` for every grade above 0."""
        grades = self.relevance(np.arange(len(self.table))[:, None], np.arange(len(self.brand)))
        query, product = np.nonzero(grades)
        return pd.DataFrame(
            {"query": query, "product": product, "relevance": grades[query, product]}
        )


def make_queries(rng: np.random.Generator, products: pd.DataFrame, facts: Facts) -> Queries:
    """Distinct queries about what the shop sells; each has at least one product of grade 3.

    The columns of its table:

    - ``query_id``: "q1" upwards; ``text``; ``language``: "en" or "zh"
    - ``type``: kind, colour, label or brand (words that titles use, for the kind alone or
      with one attribute), synonym (a word for the kind that no title contains) or need
      (an attribute in words that no title contains)
    - ``kind``: truth, the kind that is meant
    - ``share``: of all searches; Zipf's law, sums to 1
    """
    brand = products["brand"].cat.codes.to_numpy()
    rows = []
    for language in LANGUAGES:
        for type_, wanted in zip(TYPES, PLAN[language], strict=True):
            # Every query is about the kind and attribute of some product: it can be met.
            texts: dict[str, tuple[int, int, int]] = {}
            for p in rng.permutation(len(products)):
                if len(texts) == wanted:
                    break
                intent = _intent(rng, type_, int(p), facts, brand)
                texts.setdefault(_text(language, type_, *intent), intent)
            rows += [(text, language, type_, *intent) for text, intent in texts.items()]
    place = rng.permutation(len(rows))
    weight = 1.0 / (place + 3.0)
    text, language_, types, kind, asks, value = (list(part) for part in zip(*rows, strict=True))
    table = pd.DataFrame(
        {
            "query_id": pd.array([f"q{i}" for i in range(1, len(rows) + 1)], dtype="str"),
            "text": pd.array(text, dtype="str"),
            "language": pd.Categorical(language_, LANGUAGES),
            "type": pd.Categorical(types, TYPES),
            "kind": pd.Categorical.from_codes(kind, [one.en for one in KINDS]),
            "share": np.round(weight / weight.sum(), 6),
        }
    )
    return Queries(table, np.array(kind), np.array(asks), np.array(value), facts, brand)


def _intent(
    rng: np.random.Generator, type_: str, p: int, facts: Facts, brand: np.ndarray
) -> tuple[int, int, int]:
    """Kind, sort of attribute and its code, as product ``p`` has them."""
    asks = ASKS[type_]
    labels = np.flatnonzero(facts.has_label[p])
    value = (0, facts.colour[p], labels[rng.integers(len(labels))], brand[p])[asks]
    return int(facts.kind[p]), asks, int(value)


def _text(language: str, type_: str, kind: int, asks: int, value: int) -> str:
    english = language == "en"
    other = KINDS[kind].other_en if english else KINDS[kind].other_zh
    name = KINDS[kind].en if english else KINDS[kind].zh
    if type_ == "kind":
        return name
    if type_ == "synonym":
        return other
    if type_ == "need":
        label = LABELS[value]
        return f"{name} {label.need_en}" if english else f"{label.need_zh}{name}"
    if asks == COLOUR:
        attribute = COLOURS[value][0 if english else 1]
    elif asks == LABEL:
        attribute = LABELS[value].en if english else LABELS[value].zh
    else:
        attribute = f"Brand {value + 1:02d}"
    return f"{attribute} {name}" if english else f"{attribute}{name}"
