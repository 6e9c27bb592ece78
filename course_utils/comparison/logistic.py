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
from course_utils.comparison.contender import PerTask, Trial
from course_utils.comparison.inputs import joint_codes, require_no_bags, scenario_column
from course_utils.comparison.plain import chances_of

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""C, the inverse of the penalty on squared weights."""

Matrices = tuple[Any, Any, Any]
"""Sparse features of the training, validation and test rows."""


class Logistic(PerTask):
    """p = sigmoid(b + w f(x)), w penalised by |w|^2 / 2C (scikit-learn).

    Args:
        features: makes f of a split; the scenario is a column of what it gets.
    """

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        features: Callable[[Split], Matrices],
        prepare: Callable[[Split], Split],
    ) -> None:
        super().__init__(name, grid)
        self.features, self.prepare = features, prepare
        self._last: tuple[Split, Matrices] | None = None

    def matrices(self, split: Split) -> Matrices:
        """The features, kept for the next trial on the same split."""
        if self._last is None or self._last[0] is not split:
            self._last = split, self.features(self.prepare(split))
        return self._last[1]

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial
    ) -> tuple[np.ndarray, np.ndarray]:
        return logistic_chances(split.train, task, self.matrices(split), trial["C"])


def logistic_chances(
    train: Table, task: str, matrices: Matrices, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fit on the task's sample space; the chances of the validation and of the test rows."""
    model = LogisticRegression(C=strength, max_iter=200)
    rows = train.mask(task)
    with warnings.catch_warnings():
        # Two hundred steps of L-BFGS are enough to predict with; C = 3 may want more.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return chances_of(
            model, matrices[0][rows], train.labels[task][rows], matrices[1], matrices[2]
        )


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
    return Logistic(name, {"C": strengths}, lambda split: crossed(split, crosses), prepare)


def main_effects(split: Split) -> Matrices:
    """One-hot codes and numbers, each table ``[n, features]``."""
    columns = split.train.columns
    require_no_bags(columns)
    return stacked([product(split, [name]) for name in [*columns.vocabulary, *columns.numbers]])


def crossed(split: Split, crosses: Sequence[Sequence[str]] | None = None) -> Matrices:
    """``main_effects``, and products of columns: all pairs, or those that are given."""
    columns = split.train.columns
    if crosses is None:
        names, numbers = [*columns.vocabulary, *columns.numbers], list(columns.numbers)
        crosses = [*combinations(names, 2), *((name, name) for name in numbers)]
    return stacked([main_effects(split), *(product(split, cross) for cross in crosses)])


def product(split: Split, names: Sequence[str]) -> Matrices:
    """One-hot combinations of the categorical columns among ``names``, times the numbers."""
    numbers = list(split.train.columns.numbers)
    codes = [name for name in names if name not in numbers]
    places = [numbers.index(name) for name in names if name in numbers]
    tables = (split.train, split.valid, split.test)
    combinations = [joint_codes(table, codes)[:, None] for table in tables]
    # A combination that the training rows do not hold counts as nothing.
    encoder = OneHotEncoder(handle_unknown="ignore").fit(combinations[0])
    made = [
        sparse.diags_array(table.numbers[:, places].astype(float).prod(1)) @ encoder.transform(one)
        for table, one in zip(tables, combinations, strict=True)
    ]
    return made[0], made[1], made[2]


def stacked(blocks: Sequence[Matrices]) -> Matrices:
    """The features of all blocks side by side."""
    train, valid, test = (sparse.hstack(parts, format="csr") for parts in zip(*blocks, strict=True))
    return train, valid, test
