"""Networks as contenders: any of ``models``, one a task, one a task and scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.columns import Split
from course_utils.comparison.contender import Asked, Chances, Contender, PerTask, Trial
from course_utils.comparison.inputs import (
    as_given,
    one_task,
    scenario_column,
    standardised_within,
)
from course_utils.comparison.trainers import Balance, Build, Trainers
from course_utils.models import DCN, SharedBottom

TRAINING: dict[str, Sequence[Any]] = {
    "learning_rate": (1e-3, 3e-3, 1e-2),
    "batch_size": (64, 256),
    "epochs": (30,),
    "patience": (2, 5),
    "keep": ("each",),
    "dropout": (0.0, 0.2),
    "weight_decay": (1e-4, 1e-2),
    "embedding_l2": (1e-6, 1e-4),
    "task_weights": (0.0, 0.5, 1.0),
}
"""What is tuned of each network's training; a grid of one's own goes over it."""

WIDTHS: dict[str, Sequence[Any]] = {
    "trunk": ((32,), (64, 32), (128, 64)),
    "tower": ((), (16,)),
}

ONLY = "label"
"""The task of a network that has one: so all tasks share its graph."""


class NetworkContender(Contender):
    """A network that learns all tasks of the split together.

    Args:
        build: ``build(columns, tasks, **settings)``, a class of ``models`` for instance.
        grid: its settings and those of training, over ``TRAINING``.
        prepare: another view of the rows: ``scenario_column`` where there are scenarios and the
            network does not read them by itself.
        balance: a class of ``balancing`` in place of tuned fixed task weights.
    """

    def __init__(
        self,
        name: str,
        build: Build,
        grid: Mapping[str, Sequence[Any]],
        prepare: Callable[[Split], Split],
        balance: Balance | None = None,
    ) -> None:
        super().__init__(name, {**TRAINING, **grid})
        self.prepare, self.trainers = prepare, Trainers(build, balance)
        if balance is not None:
            del self.grid["task_weights"]

    def grid_for(self, n_tasks: int) -> dict[str, list[Any]]:
        return {
            setting: values
            for setting, values in self.grid.items()
            if n_tasks > 1 or setting != "task_weights"
        }

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        split = self.prepare(split)
        every = list(split.train.labels)
        predict = self.trainers.fit(split.train, split.valid, every, seed, trial)
        return predict(getattr(split, asked))


class NetworkPerTask(PerTask):
    """The twin: a network of its own for each task, on the rows of its sample space.

    Args:
        build: a class of ``models``, which is given one task; the rest as ``NetworkContender``.
    """

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        prepare: Callable[[Split], Split],
        build: Build = SharedBottom,
    ) -> None:
        super().__init__(name, {**TRAINING, **grid})
        del self.grid["task_weights"]
        self.prepare, self.trainers = prepare, Trainers(build)

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        split = self.prepare(split)
        train, valid = (one_task(table, task, ONLY) for table in (split.train, split.valid))
        predict = self.trainers.fit(train, valid, [ONLY], seed, trial)
        return predict(getattr(split, asked))[ONLY]


class NetworkPerScenario(NetworkPerTask):
    """A network of its own for each task in each scenario: nothing is shared at all.

    Where a scenario has no validation row, or training rows of one label alone, its chance is
    the task's rate over all scenarios.
    """

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        split = self.prepare(split)
        table = getattr(split, asked)
        rate = split.train.labels[task][split.train.mask(task)].mean()
        said = np.full(len(table), rate, "float32")
        for code in range(len(split.train.columns.scenarios)):
            learned, checked, rows = (
                one.scenario == code for one in (split.train, split.valid, table)
            )
            learned, checked = learned & split.train.mask(task), checked & split.valid.mask(task)
            y = split.train.labels[task][learned]
            if not rows.any() or not checked.any() or not len(y) or y.min() == y.max():
                continue
            train = one_task(split.train.take(learned), task, ONLY)
            valid = one_task(split.valid.take(checked), task, ONLY)
            # Half of a small scenario at most, and a power of two: few graphs serve them all.
            batch = min(trial["batch_size"], 2 ** int(np.log2(max(2, len(train) // 2))))
            sized = {**trial, "batch_size": batch}
            predict = self.trainers.fit(train, valid, [ONLY], seed, sized)
            said[rows] = predict(table.take(rows))[ONLY]
        return said


def network(
    name: str,
    build: Build,
    grid: Mapping[str, Sequence[Any]],
    prepare: Callable[[Split], Split] = as_given,
    balance: Balance | None = None,
) -> NetworkContender:
    """Any network of ``models``, with fixed task weights or a method of ``balancing``.

    ``network("MMoE", MMoE, {"experts": (2, 4), "expert": ((32,), (64, 32))})``
    ``network("PCGrad", SharedBottom, WIDTHS, balance=PCGrad)``
    """
    return NetworkContender(name, build, grid, prepare, balance)


def shared_bottom(
    grid: Mapping[str, Sequence[Any]] = WIDTHS,
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "Shared-Bottom",
) -> NetworkContender:
    """Shared-Bottom with tuned fixed task weights; the scenario is one of its columns."""
    return NetworkContender(name, SharedBottom, grid, prepare)


def network_per_task(
    grid: Mapping[str, Sequence[Any]] = WIDTHS,
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "network per task",
    build: Build = SharedBottom,
) -> NetworkPerTask:
    """The twin; the scenario is one of its columns, which makes it the column network."""
    return NetworkPerTask(name, grid, prepare, build)


def dcn_per_task(grid: Mapping[str, Sequence[Any]] = WIDTHS) -> NetworkPerTask:
    """The twin with cross layers below: a network that has products of columns to begin with."""
    return NetworkPerTask("DCN per task", {**grid, "crosses": (2, 3)}, scenario_column, DCN)


def standardised_column_network(grid: Mapping[str, Sequence[Any]] = WIDTHS) -> NetworkPerTask:
    """The twin on numbers standardised within each scenario, with the scenario as a column."""
    return NetworkPerTask("standardised column network", grid, standardised_within)


def network_per_scenario(grid: Mapping[str, Sequence[Any]] = WIDTHS) -> NetworkPerScenario:
    """A twin for each scenario, on numbers standardised within it."""
    return NetworkPerScenario("network per scenario", grid, standardised_within)
