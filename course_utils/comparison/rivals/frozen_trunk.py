"""A trunk that learned from other tasks or scenarios, frozen, and a logistic regression on it.

    h(x) = the trunk of Shared-Bottom,    l = b + v . h(x)  or  b + v . h(x) + w . columns

With several tasks the trunk learns from all but the one that is asked for. With several scenarios
it learns from all of them, a head each, and the regression has v_s for each scenario. Matches
hidden features that the frequent tasks teach and the rare one weighs anew.

Source: Razavian et al., CNN Features off-the-shelf, CVPR workshops 2014,
https://arxiv.org/abs/1403.6382; "linear probe" in the field's words
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from course_utils.columns import Split, Table
from course_utils.comparison.contender import Asked, Contender, PerTask, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.heads import _apart
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.logistic import Pair, logistic_chances, main_effects, stacked
from course_utils.comparison.space import network_space
from course_utils.comparison.trainers import Trainers
from course_utils.models import Network, SharedBottom

NAME = "frozen trunk, logistic regression"

OF_REGRESSION = ("C", "columns")

STRENGTHS = (1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


def pretrained(
    trainers: Trainers, split: Split, task: str, seed: int, trial: Trial
) -> tuple[Network, list[str]]:
    """Shared-Bottom that has learned all that is not the task's own, and its tasks.

    Returns:
        the network, with the weights of the epoch that is best for the sum of its losses; and
        the names of its tasks, ``task in scenario s`` where there are several scenarios.
    """
    if len(split.train.columns.scenarios) > 1:
        train, valid = _apart(split.train), _apart(split.valid)
        learned = list(train.labels)
    else:
        learned = [one for one in split.train.labels if one != task]
        train, valid = (of_tasks(one, learned) for one in (split.train, split.valid))
    settings = {**trial, "keep": "sum"}
    trainers.fit(train, valid, learned, seed, settings)
    trainer = trainers._trainer(train.columns, tuple(learned), settings)
    return trainer.network, learned


def of_tasks(table: Table, tasks: Sequence[str]) -> Table:
    """The table with the labels of these tasks alone."""
    masks = {task: mask for task, mask in table.masks.items() if task in tasks}
    return replace(table, labels={task: table.labels[task] for task in tasks}, masks=masks)


class FrozenTrunk(PerTask):
    """See above; a trunk is kept for the next regressions on it."""

    def __init__(self, name: str, grid: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(name, grid)
        self.trainers = Trainers(SharedBottom)
        self._last: list[tuple[Split, tuple[Any, ...], Pair]] = []

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        pair = self.pair(split, task, seed, trial, asked)
        if trial["columns"]:
            rows = scenario_column(split)
            pair = stacked([pair, main_effects(rows.train, getattr(rows, asked))])
        train = split.train
        return logistic_chances(train.labels[task], train.mask(task), pair, trial["C"])

    def pair(self, split: Split, task: str, seed: int, trial: Trial, asked: Asked) -> Pair:
        """The trunk's outputs, standardised, times the row's scenario."""
        training = {name: of for name, of in trial.items() if name not in OF_REGRESSION}
        key = task, seed, str(training), asked
        for known, of, made in self._last:
            if known is split and of == key:
                return made
        network, _ = pretrained(self.trainers, split, task, seed, training)
        both = [outputs(network, one) for one in (split.train, getattr(split, asked))]
        mean, spread = both[0].mean(0), np.maximum(both[0].std(0), 1e-6)
        tables = split.train, getattr(split, asked)
        first, second = (
            by_scenario((one - mean) / spread, table)
            for one, table in zip(both, tables, strict=True)
        )
        self._last = [*self._last[-5:], (split, key, (first, second))]
        return first, second


def outputs(network: Network, table: Table) -> np.ndarray:
    """``[n, h]``: what the trunk gives."""
    codes, numbers, _ = table.inputs
    given = np.asarray(network.trunk(network.embed(codes, numbers))[0])
    return given.reshape(len(table), -1)


def by_scenario(given: np.ndarray, table: Table) -> sparse.csr_array:
    """``[n, S (h + 1)]``: the row's features, and 1, in the places of its scenario."""
    n_scenarios = len(table.columns.scenarios)
    if n_scenarios < 2:
        return sparse.csr_array(given)
    wide = np.column_stack([given, np.ones(len(given))])
    n, width = wide.shape
    places = table.scenario[:, None] * width + np.arange(width)
    starts = np.arange(0, n * width + 1, width)
    shape = n, n_scenarios * width
    return sparse.csr_array((wide.ravel(), places.ravel(), starts), shape=shape)


def contender(ground: Ground) -> Contender | None:
    """Where there is anything to share."""
    if not ground.joint:
        return None
    regression = {"C": STRENGTHS, "columns": (False, True)}
    return FrozenTrunk(NAME, {**network_space(ground), "task_weights": (0.0,), **regression})
