"""Logistic regression: main effects, or with crosses."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils.columns import Split, Table
from course_utils.comparison.contender import Asked, PerTask, Trial
from course_utils.comparison.inputs import joint_codes, require_no_bags, scenario_column
from course_utils.comparison.plain import chances_of

STRENGTHS = (0.001, 0.01, 0.03, 0.1, 0.3, 3.0)
"""C, the inverse of the penalty on squared weights: no more than the usual number of trials, so
none is left out by the draw."""

Pair = tuple[Any, Any]
"""Sparse features of the training rows, and of the rows that are asked for."""


class Logistic(PerTask):
    """p = sigmoid(b + w f(x)), w penalised by |w|^2 / 2C (scikit-learn).

    Args:
        features: makes f of the training rows and of those that are asked for.
        prepare: another view of the rows.
    """

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        features: Callable[[Table, Table], Pair],
        prepare: Callable[[Split], Split],
    ) -> None:
        super().__init__(name, grid)
        self.features, self.prepare = features, prepare
        self._last: tuple[Split, Asked, Pair] | None = None

    def pair(self, split: Split, asked: Asked) -> Pair:
        """The features, kept for the next trial on the same split."""
        if self._last is None or self._last[0] is not split or self._last[1] != asked:
            rows = self.prepare(split)
            self._last = split, asked, self.features(rows.train, getattr(rows, asked))
        return self._last[2]

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        return logistic_chances(
            split.train.labels[task], split.train.mask(task), self.pair(split, asked), trial["C"]
        )


def logistic_chances(
    labels: np.ndarray,
    rows: np.ndarray,
    pair: Pair,
    strength: float,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Fit on some of the training rows; the chances of the rows that are asked for.

    Args:
        labels: ``[n]``, of all training rows.
        rows: ``[n]`` bool, those to learn from.
        strength: C.
        weights: how much each of these counts.
    """
    model = LogisticRegression(C=strength, max_iter=200)
    with warnings.catch_warnings():
        # Two hundred steps of L-BFGS are enough to predict with; C = 3 may want more.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return chances_of(model, pair[0][rows], labels[rows], pair[1], weights)


def logistic_regression(
    strengths: Sequence[float] = STRENGTHS,
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "logistic regression",
) -> Logistic:
    """Main effects: a weight for each value of each column, and for each number."""
    return Logistic(name, {"C": strengths}, main_effects, prepare)


def crossed_logistic_regression(
    crosses: Sequence[Sequence[str]] | None = None,
    strengths: Sequence[float] = STRENGTHS,
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "crossed logistic regression",
) -> Logistic:
    """Main effects, and a weight for each pair that occurs.

    Pairs of categorical columns, each value times each number, products of two numbers and
    squares. Combinations that the training rows do not hold count as nothing.

    Args:
        crosses: columns to cross, by hand, categorical or numbers, where all pairs would be too
            many: ``[("segment", "category"), ("price", "price")]``; None for all pairs.
    """
    return Logistic(
        name, {"C": strengths}, lambda train, asked: crossed(train, asked, crosses), prepare
    )


def main_effects(train: Table, asked: Table) -> Pair:
    """One-hot codes and numbers, each table ``[n, features]``."""
    columns = train.columns
    require_no_bags(columns)
    names = [*columns.vocabulary, *columns.numbers]
    return stacked([product(train, asked, [name]) for name in names])


def crossed(train: Table, asked: Table, crosses: Sequence[Sequence[str]] | None = None) -> Pair:
    """``main_effects``, and products of columns: all pairs, or those that are given."""
    if crosses is None:
        numbers = list(train.columns.numbers)
        names = [*train.columns.vocabulary, *numbers]
        crosses = [*combinations(names, 2), *((name, name) for name in numbers)]
    products = [product(train, asked, cross) for cross in crosses]
    return stacked([main_effects(train, asked), *products])


def product(train: Table, asked: Table, names: Sequence[str]) -> Pair:
    """One-hot combinations of the categorical columns among ``names``, times the numbers."""
    numbers = list(train.columns.numbers)
    categorical = [name for name in names if name not in numbers]
    places = [numbers.index(name) for name in names if name in numbers]
    # A combination that the training rows do not hold counts as nothing.
    encoder = OneHotEncoder(handle_unknown="ignore")
    encoder.fit(joint_codes(train, categorical)[:, None])

    def encoded(table: Table) -> Any:
        factor = sparse.diags_array(table.numbers[:, places].astype(float).prod(1))
        return factor @ encoder.transform(joint_codes(table, categorical)[:, None])

    return encoded(train), encoded(asked)


def stacked(blocks: Sequence[Pair]) -> Pair:
    """The features of all blocks side by side."""
    train, asked = (sparse.hstack(parts, format="csr") for parts in zip(*blocks, strict=True))
    return train, asked
