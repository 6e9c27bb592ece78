"""Reviews: ratings with words. Who writes, what is said, and who found it helpful."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.shop.review_words import ASPECTS, OPENERS
from course_utils.shop.streams import settled
from course_utils.shop.words import KINDS

WRITES = (0.06, 0.03, 0.012, 0.015, 0.04)
"""Chance that a rating of 1 to 5 stars comes with words: the displeased and the delighted."""

ENGLISH = 0.6
OPINION = 1.1
"""Log-odds that a star above 3 adds to a kind word about any aspect."""

OF_QUALITY = 2.0
"""Log-odds that a star of true quality adds to a kind word about quality."""

DELIVERY = 1.2
"""Log-odds of a kind word about delivery, whatever the stars: it is not the product's merit."""

LATE_BLAME = 4.0
"""What a late delivery takes from these log-odds."""

VIEWS_A_YEAR = 100.0
"""Mean views of a review in a year, where all are read alike."""

YEAR_END = 1_735_689_600


def make_reviews(
    rng: np.random.Generator, ratings: pd.DataFrame, products: pd.DataFrame, kind: np.ndarray
) -> pd.DataFrame:
    """One row a review, by time.

    Args:
        rng: the stream of this table.
        ratings: ``user``, ``product`` (row numbers), ``rating``, ``timestamp``, ``late``.
        products: the product table; kind: ``[n_products]``, row of ``KINDS``.

    Returns:
        ``user``, ``product``, ``rating``, ``timestamp`` as in ``ratings``, and

        - ``language``: "en" or "zh"; ``text``
        - ``helpful_votes``: 0 or more, up to the end of the year 2024
        - ``aspects``: truth, what the text praises or blames, such as ``delivery-|quality+``
        - ``mean_votes``: truth, what the votes are a Poisson draw of where all reviews are
          read alike
        - ``p_helpful``: truth, the chance that a view brings a vote
    """
    stars = ratings["rating"].to_numpy()
    written = ratings[rng.random(len(ratings)) < np.array(WRITES)[stars - 1]]
    written = written.reset_index(drop=True)
    n, names = len(written), list(ASPECTS)
    stars, product = written["rating"].to_numpy(), written["product"].to_numpy()
    logit = OPINION * (stars - 3.0)[:, None] * np.ones(len(names))
    logit[:, names.index("quality")] += OF_QUALITY * products["quality"].to_numpy()[product]
    logit[:, names.index("delivery")] = DELIVERY - LATE_BLAME * written["late"].to_numpy()
    kind_word = rng.random(logit.shape) < settled(expit(logit))
    order = rng.random(logit.shape).argsort(axis=1, kind="stable")
    n_aspects = rng.integers(1, 4, size=n)
    english = rng.random(n) < ENGLISH
    pick = rng.integers(1000, size=(n, 4))
    texts, aspects = [], []
    for i in range(n):
        said = order[i, : n_aspects[i]]
        language = "en" if english[i] else "zh"
        texts.append(_text(language, stars[i], kind[product[i]], said, kind_word[i], pick[i]))
        aspects.append("|".join(sorted(f"{names[a]}{'-+'[int(kind_word[i, a])]}" for a in said)))
    years = np.clip((YEAR_END - written["timestamp"].to_numpy()) / (365 * 86_400), 0.0, 1.0)
    taste = rng.normal(size=n)
    a_year = np.exp(0.5 * n_aspects + 0.25 * np.abs(stars - 3.0) + 0.5 * taste - 0.3)
    mean = settled(years * a_year)
    return written[["user", "product", "rating", "timestamp"]].assign(
        language=pd.Categorical(np.where(english, "en", "zh"), ["en", "zh"]),
        text=pd.array(texts, dtype="str"),
        helpful_votes=rng.poisson(mean),
        aspects=pd.array(aspects, dtype="str"),
        mean_votes=mean,
        p_helpful=settled(np.minimum(a_year / VIEWS_A_YEAR, 1.0)),
    )


def _text(
    language: str, stars: int, kind: int, said: np.ndarray, good: np.ndarray, pick: np.ndarray
) -> str:
    """An opening line by the stars, then one line for each aspect."""
    opener = OPENERS[language][stars - 1]
    name = getattr(KINDS[kind], language)
    lines = [opener[pick[0] % len(opener)].format(kind=name)]
    aspects = list(ASPECTS.values())
    for place, a in enumerate(said):
        options = aspects[a][language][int(good[a])]
        lines.append(options[pick[1 + place] % len(options)].format(kind=name))
    return " ".join(lines) if language == "en" else "".join(lines)
