"""Shared-Bottom with a head for each scenario: what is shared is learned from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.columns import EVERYWHERE, Split, Table
from course_utils.comparison.contender import Asked, Chances, Contender, Trial
from course_utils.comparison.inputs import as_given
from course_utils.comparison.networks import WIDTHS, shared_bottom


class HeadPerScenario(Contender):
    """Scenarios as tasks: one trunk, and for each task in each scenario a tower of its own.

    A row trains the tower of its scenario alone, and is judged by it. All towers stop at the
    epoch that is best for their sum: a scenario has few rows to choose by. Every scenario's mean
    loss weighs the same, so where sizes differ the large ones pay.
    """

    def __init__(self, grid: Mapping[str, Sequence[Any]], name: str) -> None:
        self.inner = shared_bottom({**grid, "keep": ("sum",), "task_weights": (0.0,)}, as_given)
        super().__init__(name, self.inner.grid)

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        apart = Split(*(_apart(table) for table in (split.train, split.valid, split.test)))
        heads = list(apart.train.labels)
        said = self.inner.fit(apart, seed, trial, heads, asked)
        scenario = getattr(split, asked).scenario
        n, row = len(split.train.columns.scenarios), np.arange(len(scenario))
        found = {}
        for task in tasks:
            each = np.stack([said[_head(task, code)] for code in range(n)])  # [S, rows]
            found[task] = each[scenario, row]
        return found


def _head(task: str, code: int) -> str:
    return f"{task} in scenario {code}"


def _apart(table: Table) -> Table:
    """The same rows with a task for each task and scenario, whose sample space is in it."""
    labels, masks = {}, {}
    for task, y in table.labels.items():
        for code in range(len(table.columns.scenarios)):
            labels[_head(task, code)] = y
            masks[_head(task, code)] = table.mask(task) & (table.scenario == code)
    columns = replace(table.columns, scenario=None, scenarios=(EVERYWHERE,))
    zero = np.zeros(len(table), "int32")
    return replace(table, columns=columns, scenario=zero, labels=labels, masks=masks)


def head_per_scenario(
    grid: Mapping[str, Sequence[Any]] = WIDTHS, name: str = "Shared-Bottom, head per scenario"
) -> HeadPerScenario:
    """See ``HeadPerScenario``."""
    return HeadPerScenario(grid, name)
