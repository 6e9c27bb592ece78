"""Shared-Bottom: a trunk that learns from the frequent tasks alone, and a regression on it.

Two models in a row, as in stacking, but the second reads the trunk in place of the logits:

    1. Shared-Bottom on view, click and save;
    2. for the purchase a logistic regression on the trunk's outputs, or on these and the columns.

Why it should beat Shared-Bottom: at rho = 1 the frequent tasks hold all that the purchase needs,
and its few labels can only move the trunk by their noise. Why it should not, if anywhere: where the
purchase has a part that the frequent tasks lack, the trunk has not learned it. But with the columns
beside it the regression may say what is a sum over them, as the habit is.

Found by measuring (benchmarks/when_rivals.py): on search seeds Shared-Bottom was above it in one of
five further settings, where the frequent tasks have but twice the rows of the rare one. Fresh seeds
leave that open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from course_utils.columns import Split, Table
from course_utils.comparison import Asked, Chances, Contender, Trial
from course_utils.comparison.logistic import Pair, logistic_chances, main_effects, stacked
from course_utils.comparison.networks import TRAINING
from course_utils.comparison.trainers import Trainers
from course_utils.models import Network, SharedBottom
from course_utils.regimes import shared_bottom
from course_utils.regimes.shared_bottom import FREQUENT, GRID
from course_utils.regimes.shared_bottom import contenders as first_contenders

NAME = shared_bottom.NAME

FROZEN = "frozen trunk, logistic regression"


class Frozen(Contender):
    """A logistic regression on what the trunk of other tasks gives.

    Args:
        grid: settings of the trunk and its training, and ``C`` and ``columns`` of the regression:
            whether it reads the row's columns as well.
        learned: the tasks from which the trunk learns.
    """

    def __init__(
        self, name: str, grid: Mapping[str, Sequence[Any]], learned: Sequence[str]
    ) -> None:
        super().__init__(name, {**TRAINING, **grid})
        self.learned, self.trainers = list(learned), Trainers(SharedBottom)
        self._last: tuple[Any, ...] = ()

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        training = {name: of for name, of in trial.items() if name not in ("C", "columns")}
        known = seed, training, asked
        # The trunk is kept for the next trial of the regression.
        if self._last[1:] != known or self._last[0][0] is not split:
            self._last = (split, self.pair(split, seed, training, asked)), *known
        pair: Pair = self._last[0][1]
        if trial["columns"]:
            pair = stacked([pair, main_effects(split.train, getattr(split, asked))])
        of = split.train
        return {
            task: logistic_chances(of.labels[task], of.mask(task), pair, trial["C"])
            for task in tasks
        }

    def pair(self, split: Split, seed: int, training: Trial, asked: Asked) -> Pair:
        """The trunk's outputs for the training rows, and for the rows that are asked for."""
        train, valid = (of_tasks(one, self.learned) for one in (split.train, split.valid))
        self.trainers.fit(train, valid, self.learned, seed, training)
        network = self.trainers.made[-1][-1].network
        first, second = (outputs(network, one) for one in (split.train, getattr(split, asked)))
        return first, second


def outputs(network: Network, table: Table) -> Any:
    """``[n, h]``: what the trunk gives."""
    codes, numbers, _ = table.inputs
    given = np.asarray(network.trunk(network.embed(codes, numbers))[0])
    return sparse.csr_matrix(given.reshape(len(table), -1))


def of_tasks(table: Table, tasks: Sequence[str]) -> Table:
    """The table with the labels of these tasks alone."""
    masks = {task: mask for task, mask in table.masks.items() if task in tasks}
    return replace(table, labels={task: table.labels[task] for task in tasks}, masks=masks)


FROZEN_GRID = {
    **GRID,
    "trunk": ((64,),),
    "keep": ("sum",),
    "task_weights": (0.0,),
    "C": (0.1, 0.3, 1.0),
    "columns": (False, True),
}
"""One trunk, whose weights are those of one epoch, and six regressions."""


def contenders(split: Split, **dials: float) -> list[Contender]:
    """Those of the family, and the frozen trunk."""
    return [*first_contenders(split, **dials), Frozen(FROZEN, FROZEN_GRID, FREQUENT)]


DIAGRAM = replace(shared_bottom.DIAGRAM, contenders=contenders)

ALSO = {"elsewhere": {"few": 1_200, "rho": 1.0, "n_train": 2_500}}
"""A further verdict: of five settings the one where search seeds had it above the three rivals
tried."""
