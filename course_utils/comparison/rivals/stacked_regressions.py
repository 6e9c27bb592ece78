"""Stacked regressions: plain models of all tasks, and one regression on their logits.

    l_k = b_k + sum_j v_kj logit(p_j(x)),    p_j a crossed logistic regression or boosted trees

p_j of a training row comes from a model that has not seen the row's fifth of the rows. Matches a
task that follows other tasks' scores, with no network anywhere; for a task with few labels it is
the plainest way to borrow from those with many.

Source: Wolpert, Stacked Generalization, Neural Networks 5, 1992,
https://doi.org/10.1016/S0893-6080(05)80023-1; across outputs: Breiman and Friedman, Predicting
Multivariate Responses in Multiple Linear Regression, JRSS B 59, 1997,
https://doi.org/10.1111/1467-9868.00054
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.special import logit
from sklearn.model_selection import KFold

from course_utils.columns import Split, Table
from course_utils.comparison.boosting import gradient_boosting
from course_utils.comparison.contender import Asked, Contender, PerTask, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.logistic import (
    crossed_logistic_regression,
    logistic_chances,
    logistic_regression,
    main_effects,
    stacked,
)
from course_utils.comparison.plain import FOLDS

NAME = "stacked regressions"

SMALLEST = 1e-6

FIRST = {
    "main effects": logistic_regression(),
    "crossed": crossed_logistic_regression(),
    "boosting": gradient_boosting(),
}
"""First level."""

SETTINGS = {
    "main effects": {"C": 0.3},
    "crossed": {"C": 0.03},
    "boosting": {
        "max_iter": 100,
        "learning_rate": 0.1,
        "max_leaf_nodes": 7,
        "min_samples_leaf": 20,
        "l2_regularization": 3.0,
    },
}
"""Usual settings of the first level: what is tuned is which of them, and the second level."""


class StackedRegressions(PerTask):
    """See above."""

    def __init__(self, name: str, kinds: Sequence[str], strengths: Sequence[float]) -> None:
        grid = {"first": kinds, "C": strengths, "columns": (False, True)}
        super().__init__(name, grid)
        self._last: list[tuple[Split, str, Asked, tuple[np.ndarray, np.ndarray]]] = []

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        logits = self.logits(split, trial["first"], asked)
        pair = sparse.csr_array(logits[0]), sparse.csr_array(logits[1])
        if trial["columns"]:
            rows = scenario_column(split)
            pair = stacked([pair, main_effects(rows.train, getattr(rows, asked))])
        train = split.train
        return logistic_chances(train.labels[task], train.mask(task), pair, trial["C"])

    def logits(self, split: Split, kind: str, asked: Asked) -> tuple[np.ndarray, np.ndarray]:
        """``[n_train, K]``, cross-fitted, and ``[n, K]`` of the rows that are asked for."""
        for known, of, table, made in self._last:
            if known is split and of == kind and table == asked:
                return made
        tasks, train = list(split.train.labels), split.train
        own = np.empty((len(train), len(tasks)))
        folds = KFold(FOLDS, shuffle=True, random_state=0)
        for others, fold in folds.split(own):
            own[fold] = said_of(kind, train.take(others), train.take(fold), tasks)
        made = own, said_of(kind, train, getattr(split, asked), tasks)
        # A search asks for the same first level again and again.
        self._last = [*self._last[-5:], (split, kind, asked, made)]
        return made


def said_of(kind: str, train: Table, table: Table, tasks: Sequence[str]) -> np.ndarray:
    """``[n, K]``: the logits of a first-level model of each task."""
    columns = []
    for task in tasks:
        masks = {one: mask for one, mask in train.masks.items() if one == task}
        alone = replace(train, labels={task: train.labels[task]}, masks=masks)
        if train.mask(task).any():
            # Nothing here looks at validation rows, and a split must have some.
            rows = Split(alone, alone.take(np.arange(1)), table)
            p = FIRST[kind].fit_task(rows, task, 0, SETTINGS[kind], "test")
        else:  # a fold outside its sample space tells nothing
            p = np.full(len(table), 0.5)
        columns.append(logit(np.clip(p, SMALLEST, 1 - SMALLEST)))
    return np.stack(columns, 1)


def contender(ground: Ground) -> Contender | None:
    """Where there are several tasks."""
    if len(ground.tasks) < 2:
        return None
    return StackedRegressions(NAME, tuple(FIRST), (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0))
