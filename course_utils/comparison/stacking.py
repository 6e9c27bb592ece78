"""Stacking: what a network says of the other tasks, as columns of a logistic regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import logit

from course_utils.columns import Split, Table
from course_utils.comparison.contender import Asked, Chances, Contender, Trial
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.logistic import crossed, logistic_chances
from course_utils.comparison.networks import TRAINING, WIDTHS
from course_utils.comparison.trainers import Trainers
from course_utils.models import SharedBottom

SMALLEST = 1e-6


class Stacking(Contender):
    """First Shared-Bottom on all tasks; then, for each task, a logistic regression.

    It reads the columns, the logits of *all* tasks, and each logit times each value of each
    column: so a task may follow another one here and not there. This is how one model's score
    becomes a feature of the next, the plain way to borrow where serving allows two models in a
    row. Paper: Wolpert, Stacked Generalization, Neural Networks 5, 1992, whose first level is
    cross-fitted; here it is one network, stopped early.
    """

    def __init__(
        self,
        grid: Mapping[str, Sequence[Any]],
        strengths: Sequence[float],
        prepare: Callable[[Split], Split],
        name: str,
    ) -> None:
        super().__init__(name, {**TRAINING, **grid, "C": strengths})
        self.prepare, self.trainers = prepare, Trainers(SharedBottom)

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        split = self.prepare(split)
        every = list(split.train.labels)
        training = {name: value for name, value in trial.items() if name != "C"}
        predict = self.trainers.fit(split.train, split.valid, every, seed, training)
        train = with_logits(split.train, predict(split.train))
        rows = with_logits(getattr(split, asked), predict(getattr(split, asked)))
        columns, logits = split.train.columns.vocabulary, [logit_of(one) for one in every]
        crosses = [(column, one) for column in columns for one in logits]
        pair = crossed(train, rows, crosses)
        return {
            task: logistic_chances(train.labels[task], train.mask(task), pair, trial["C"])
            for task in tasks
        }


def logit_of(task: str) -> str:
    """The name of the column that holds a task's logit."""
    return f"logit of {task}"


def with_logits(table: Table, chances: Chances) -> Table:
    """The table with the logits of these chances as further numbers."""
    numbers = [logit(np.clip(p, SMALLEST, 1 - SMALLEST)) for p in chances.values()]
    names = dict.fromkeys(map(logit_of, chances), (0.0, 1.0))
    columns = replace(table.columns, numbers={**table.columns.numbers, **names})
    wider = np.concatenate([table.numbers, np.stack(numbers, 1)], 1).astype("float32")
    return replace(table, columns=columns, numbers=wider)


def stacking(
    grid: Mapping[str, Sequence[Any]] = WIDTHS,
    strengths: Sequence[float] = (0.003, 0.01, 0.03, 0.1, 0.3),
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "stacking",
) -> Stacking:
    """See ``Stacking``."""
    return Stacking(grid, strengths, prepare, name)
