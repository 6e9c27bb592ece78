"""Gradient boosting: scikit-learn's histogram trees on the columns as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import TargetEncoder

from course_utils.columns import Split
from course_utils.comparison.contender import Asked, PerTask, Trial
from course_utils.comparison.inputs import require_no_bags, scenario_column
from course_utils.comparison.plain import chances_of, cross_fitted

GRID: dict[str, Sequence[Any]] = {
    "max_iter": (50, 100, 200, 400),
    "learning_rate": (0.03, 0.1),
    "max_leaf_nodes": (7, 15, 31),
    "min_samples_leaf": (20, 100),
    "l2_regularization": (0.0, 10.0),
}

MOST_VALUES = 255
"""Codes that a categorical column of scikit-learn's trees may have."""


class Boosting(PerTask):
    """Trees on codes, which stay categories, and numbers.

    A column of more than 255 codes cannot stay one: it becomes the task's smoothed rate within
    each value, cross-fitted on training rows (scikit-learn's ``TargetEncoder``).
    """

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        prepare: Callable[[Split], Split],
    ) -> None:
        super().__init__(name, grid)
        self.prepare = prepare

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        split = self.prepare(split)
        columns = split.train.columns
        require_no_bags(columns)
        rows = split.train.mask(task)
        y = split.train.labels[task][rows]
        large = [place for place, size in enumerate(columns.sizes) if size > MOST_VALUES]
        small = [place for place, size in enumerate(columns.sizes) if size <= MOST_VALUES]
        table = getattr(split, asked)
        codes = [split.train.codes[rows], table.codes]
        numbers = [split.train.numbers[rows], table.numbers]
        parts = [[one[:, small] for one in codes], numbers]
        if large and y.min() < y.max():
            encoder = TargetEncoder(target_type="binary")
            first = cross_fitted(encoder, codes[0][:, large], y, seed)
            parts.append([first, encoder.transform(codes[1][:, large])])
        x = [np.concatenate(columns_of, 1) for columns_of in zip(*parts, strict=True)]
        model = HistGradientBoostingClassifier(
            categorical_features=list(range(len(small))),
            early_stopping=False,
            random_state=seed,
            **trial,
        )
        return chances_of(model, x[0], y, x[1])


def gradient_boosting(
    grid: Mapping[str, Sequence[Any]] | None = None,
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "gradient boosting",
) -> Boosting:
    """Gradient boosting, tuned as ``grid`` says; the scenario is one of its columns."""
    return Boosting(name, GRID if grid is None else grid, prepare)
