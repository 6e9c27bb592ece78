"""What a rule by hand does where order counts, and what the department is worth in the contest.

    python benchmarks/title_networks_rules.py

makes results/title_networks_rules.json, some seconds. The titles and the judge are those of
title_networks.py.

- Titles with "non" before an absent label: a lookup that does not know "non", one that skips
  what stands behind it, a logistic regression of both kinds of names, and the truth of the shop.
- The contest: the labels that titles name without the department, which no other way reads there.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
from parts import Stored
from scipy.special import expit

from course_utils import paths
from course_utils.labels import LABEL_NAMES, named_labels
from course_utils.shop.labels import LABELS, THEME_CHANCE, THEME_LIFT, THEMES
from course_utils.shop.listings import LABEL_SHOWN

MENTIONS = 0.1
"""The dial of ``title_networks.negated``."""


def said(text: first.Text, before: str) -> np.ndarray:
    """Which labels the titles name with this pattern before them."""
    patterns = [re.compile(rf"{before}\b{re.escape(one)}\b", re.I) for one in LABEL_NAMES]
    return np.array([[bool(one.search(title)) for one in patterns] for title in text.texts])


AFFIRMED, DENIED = partial(said, before="(?<!non )"), partial(said, before=r"\bnon ")


def blind(text: first.Text, C: float = 0) -> np.ndarray:
    return np.asarray(said(text, "") * 1.0)


def skips(text: first.Text, C: float = 0) -> np.ndarray:
    return np.asarray(AFFIRMED(text) * 1.0)


def linear(text: first.Text, C: float) -> np.ndarray:
    """One logistic regression a label, of the labels named with "non" and without it."""
    columns = {"rules": np.hstack([AFFIRMED(text), DENIED(text)]).astype(float)}
    both = first.Text(text.texts, columns, text.y, text.train, text.valid, text.test, text.table)
    return first.logistic("rules", both, C)


def truth(text: first.Text, C: float = 0) -> np.ndarray:
    """The shop's truth given department and title: ``label_posterior``, where "non" is heard."""
    sets = np.array(list(itertools.product([False, True], repeat=len(THEMES))))
    theme_of = [THEMES.index(label.theme) for label in LABELS]
    chance = expit(np.array([label.logit for label in LABELS]) + THEME_LIFT * sets[:, theme_of])
    of_theme = np.array([THEME_CHANCE[one] for one in text.table["department"]])
    prior = np.where(sets, of_theme[:, None], 1.0 - of_theme[:, None]).prod(axis=2)
    prior /= 1.0 - (1.0 - chance).prod(axis=1)  # products without a label are drawn again
    kind = AFFIRMED(text) + 2 * DENIED(text)  # 0: not named
    has = [chance * one for one in (1.0 - LABEL_SHOWN, LABEL_SHOWN, 0.0)]
    absent = [(1.0 - chance) * one for one in (1.0 - MENTIONS, 0.0, MENTIONS)]
    result = np.empty(kind.shape)
    for row, (kinds, weight) in enumerate(zip(kind, prior, strict=True)):
        labels = range(len(kinds))
        no = np.stack([absent[k][:, j] for j, k in zip(labels, kinds, strict=True)], axis=1)
        yes = np.stack([has[k][:, j] for j, k in zip(labels, kinds, strict=True)], axis=1)
        seen = no + yes
        none = weight @ no.prod(axis=1)
        posterior = weight * seen.prod(axis=1)
        without = posterior @ (no / seen) - none
        result[row] = 1.0 - without / (posterior.sum() - none)
    return np.clip(result, 0.0, 1.0)


def named_alone(text: first.Text, C: float) -> np.ndarray:
    """The contest's named labels without the department."""
    columns = np.hstack([named_labels(text.table, one) for one in ("en", "zh")]).astype(float)
    alone = first.Text(
        text.texts, {"named": columns}, text.y, text.train, text.valid, text.test, text.table
    )
    return first.logistic("named", alone, C)


NEGATED: dict[str, first.Way] = {
    "lookup": (blind, first.ONE),
    "lookup that skips non": (skips, first.ONE),
    "linear, named and non": (linear, first.STRENGTHS),
    "Bayes-optimal": (truth, first.ONE),
}
CONTEST: dict[str, first.Way] = {"linear, named alone": (named_alone, first.STRENGTHS)}

PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": lambda: {
        **first.chosen(NEGATED, first.negated),
        **first.chosen(CONTEST, first.titles),
    },
    "negated": lambda: first.on_shops(STORED.load()["chosen"], NEGATED, first.negated),
    "contest": lambda: first.on_shops(STORED.load()["chosen"], CONTEST, first.titles),
}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_rules.json",
    sorted({*first.STORED.code, Path(__file__).resolve()}),
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
