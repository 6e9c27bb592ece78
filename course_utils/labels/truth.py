"""What a title can tell about a product's labels: the words it names, and the Bayes limit."""

from __future__ import annotations

import itertools
import re
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.errors import CourseError
from course_utils.shop.labels import LABELS, THEME_CHANCE, THEME_LIFT, THEMES
from course_utils.shop.listings import LABEL_SHOWN

LABEL_NAMES = tuple(label.en for label in LABELS)
"""The 24 labels, in the order of every table of this module."""

Titles = Literal["en", "zh", "both"]

_TITLES = ("en", "zh", "both")


def named_labels(listings: pd.DataFrame, titles: Titles = "en") -> np.ndarray:
    """Which labels the titles name, word for word.

    Args:
        listings: rows of ``Shop.listings``, n of them.
        titles: the English ones, the Chinese ones, or a label named in either of the two.

    Returns:
        bool ``[n, 24]``, in the order of ``LABEL_NAMES``.

    Raises:
        CourseError: if ``titles`` is none of the three.
    """
    if titles not in _TITLES:
        raise CourseError(f"titles must be 'en', 'zh' or 'both', got {titles!r}.")
    if titles == "both":
        return named_labels(listings, "en") | named_labels(listings, "zh")
    # Whole words in English: a smartphone is not smart. Chinese has no spaces to go by.
    patterns = [
        rf"\b{re.escape(label.en)}\b" if titles == "en" else re.escape(label.zh) for label in LABELS
    ]
    column = listings[f"title_{titles}"]
    return np.column_stack([column.str.contains(one, case=False) for one in patterns])


def label_posterior(
    listings: pd.DataFrame, titles: Titles = "en", mentions: float = 0.0
) -> np.ndarray:
    """Truth: the probability of each label given the department and the labels that titles name.

    Nothing that reads only these can predict labels better, on average: the rest of a title
    is drawn without a look at the labels. Of two titles, which of them name a label counts. It
    sums over the 128 sets of themes that a product can have (``shop.labels.make_labels``): prior
    of the set, times the probability of the labels seen and not seen, given one label or more.

    Args:
        listings: rows of ``Shop.listings``, n of them.
        titles: what is read, as in ``named_labels``.
        mentions: the shop's dial, the chance that a title names a label falsely.

    Returns:
        Probabilities ``[n, 24]``; 1 where a title names the label, if none does so falsely.

    Raises:
        CourseError: if ``titles`` is none of the three, or ``mentions`` is no chance below 1.
    """
    if not 0 <= mentions < 1:
        raise CourseError(f"mentions must lie between 0 and 1, got {mentions!r}.")
    read: list[Titles] = ["en", "zh"] if titles == "both" else [titles]
    # Each title is a witness of its own: two that name a label say more than one.
    count = np.sum([named_labels(listings, one) for one in read], axis=0)
    sets = np.array(list(itertools.product([False, True], repeat=len(THEMES))))
    theme_of = [THEMES.index(label.theme) for label in LABELS]
    chance = expit(np.array([label.logit for label in LABELS]) + THEME_LIFT * sets[:, theme_of])
    of_theme = np.array([THEME_CHANCE[one] for one in listings["department"]])
    prior = np.where(sets, of_theme[:, None], 1.0 - of_theme[:, None]).prod(axis=2)
    prior /= 1.0 - (1.0 - chance).prod(axis=1)  # products without a label are drawn again

    # Of a product with the label, and of one without it: so many titles name it.
    times = range(len(read) + 1)
    true = [LABEL_SHOWN**k * (1.0 - LABEL_SHOWN) ** (len(read) - k) for k in times]
    false = [mentions**k * (1.0 - mentions) ** (len(read) - k) for k in times]
    absent = [(1.0 - chance) * one for one in false]
    seen = [chance * one + other for one, other in zip(true, absent, strict=True)]
    posterior = prior * np.exp(np.sum([(count == k) @ np.log(seen[k]).T for k in times], axis=0))
    # Every product has a label: that all of what is named is made up, and nothing kept back, is
    # ruled out.
    alone = np.array(false)[count].prod(axis=1, keepdims=True)
    none = alone * (prior @ (1.0 - chance).prod(axis=1))[:, None]
    total = posterior.sum(axis=1, keepdims=True) - none
    without = [posterior @ (absent[k] / seen[k]) - none for k in times]
    return 1.0 - np.choose(count, without) / total
