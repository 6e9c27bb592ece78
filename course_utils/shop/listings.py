"""What the shop writes about its products: place in the category tree, titles, labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from course_utils.shop.catalogue import CATEGORIES
from course_utils.shop.labels import LABELS, make_labels
from course_utils.shop.words import (
    COLOURS,
    DEPARTMENT_OF,
    DEPARTMENTS,
    FILLERS,
    KINDS,
    LANGUAGES,
    SERIES,
    Kind,
)

LABEL_SHOWN = 0.75
COLOUR_SHOWN = 0.8
"""Chance that a label, or the colour, of a product stands in a title."""


@dataclass(frozen=True)
class Facts:
    """What is true of each product, whether its titles say it or not.

    Attributes:
        kind: ``[n]``, row of ``KINDS``; colour: ``[n]``, row of ``COLOURS``.
        has_label: bool ``[n, labels]``; label_chance: ``[n, labels]``, see ``make_labels``.
    """

    kind: np.ndarray
    colour: np.ndarray
    has_label: np.ndarray
    label_chance: np.ndarray


def make_facts(rng: np.random.Generator, products: pd.DataFrame) -> Facts:
    """Kind, colour and labels of each product."""
    kinds_of = [[k for k, kind in enumerate(KINDS) if kind.category == c] for c in CATEGORIES]
    category = products["category"].cat.codes.to_numpy()
    each = len(KINDS) // len(CATEGORIES)
    kind = np.array(kinds_of)[category, rng.integers(each, size=len(products))]
    colour = rng.integers(len(COLOURS), size=len(products))
    has, chance = make_labels(rng, department_codes()[category])
    return Facts(kind, colour, has, chance)


def department_codes() -> np.ndarray:
    """The department of each category, as codes: ``[categories]``."""
    return np.array([DEPARTMENTS.index(DEPARTMENT_OF[c]) for c in CATEGORIES])


def make_false_mentions(rng: np.random.Generator, facts: Facts, chance: float) -> np.ndarray:
    """Which absent labels a title names all the same: bool ``[languages, n, labels]``.

    The draws do not depend on the chance: what is false at a small one is false at a large one.
    """
    draws = rng.random((len(LANGUAGES), *facts.has_label.shape))
    return (draws < chance) & ~facts.has_label


def make_listings(
    rng: np.random.Generator, products: pd.DataFrame, facts: Facts, false: np.ndarray
) -> pd.DataFrame:
    """One row a product, in the order of ``products``.

    Args:
        rng: the stream of this table.
        products: the product table; facts: what is true of them.
        false: what ``make_false_mentions`` returns.

    The columns:

    - ``product_id``: as in ``products``
    - ``department`` > ``category`` > ``kind``: the category tree of 6, 24 and 120 nodes
    - ``title_en``, ``title_zh``: the two titles; each names the kind and the brand, and a
      label or the colour with a chance of 0.75 and 0.8, in each language for itself
    - ``labels``: names joined by ``|``, in alphabetical order; 1 or more of 24
    - ``quality``: truth, as in ``Shop.products``
    """
    n = len(products)
    series = rng.integers(len(SERIES), size=n)
    filler = rng.integers(len(FILLERS), size=n)
    pattern = rng.integers(4, size=n)
    brand = products["brand"].cat.codes.to_numpy() + 1
    titles = {}
    for column, (language, write) in enumerate(zip(LANGUAGES, (_english, _chinese), strict=True)):
        shown = facts.has_label & (rng.random(facts.has_label.shape) < LABEL_SHOWN)
        shown |= false[column]
        coloured = rng.random(n) < COLOUR_SHOWN
        order = rng.random(facts.has_label.shape).argsort(axis=1, kind="stable")
        word = [getattr(label, language) for label in LABELS]
        titles[language] = [
            write(
                _Words(
                    kind=KINDS[facts.kind[i]],
                    brand=brand[i],
                    colour=COLOURS[facts.colour[i]][column] if coloured[i] else "",
                    labels=[word[j] for j in order[i] if shown[i, j]],
                    series=SERIES[series[i]][column],
                    filler=FILLERS[filler[i]][column],
                    pattern=pattern[i],
                )
            )
            for i in range(n)
        ]
    names = np.array([label.en for label in LABELS])
    category = products["category"]
    return pd.DataFrame(
        {
            "product_id": products["product_id"],
            "department": pd.Categorical.from_codes(
                department_codes()[category.cat.codes], list(DEPARTMENTS)
            ),
            "category": category,
            "kind": pd.Categorical.from_codes(facts.kind, [kind.en for kind in KINDS]),
            "title_en": pd.array(titles["en"], dtype="str"),
            "title_zh": pd.array(titles["zh"], dtype="str"),
            "labels": pd.array(["|".join(sorted(names[row])) for row in facts.has_label], "str"),
            "quality": products["quality"],
        }
    )


class _Words(NamedTuple):
    """What one title is made of; a colour or label that the title keeps to itself is empty."""

    kind: Kind
    brand: int
    colour: str
    labels: list[str]
    series: str
    filler: str
    pattern: int


def _english(w: _Words) -> str:
    name = f"Brand {w.brand:02d}"
    cut = 1 + w.pattern % 2
    before, after = w.labels[:cut], w.labels[cut:]
    parts = [
        [name, w.series, w.filler, w.colour, *before, w.kind.en, *after],
        [w.series, *before, w.kind.en, "by", name, w.colour, *after],
        [w.colour, *before, w.kind.en, w.filler, name, w.series, *after],
        [name, w.kind.en, w.series, *w.labels, w.colour, w.filler],
    ][w.pattern]
    text = " ".join(part for part in parts if part)
    return text[0].upper() + text[1:]


def _chinese(w: _Words) -> str:
    name = f"品牌{w.brand:02d}"
    parts = [
        [name, w.series, w.filler, *w.labels, w.colour, w.kind.zh],
        [*w.labels, w.kind.zh, w.colour, name, w.series],
        [name, w.colour, w.kind.zh, *w.labels, w.filler],
        [w.filler, *w.labels, w.colour, name, w.series, w.kind.zh],
    ][w.pattern]
    return "".join(parts)
