"""What a contender is: a name, a grid of settings, and one fit with one of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from sklearn.model_selection import ParameterGrid, ParameterSampler

from course_utils.columns import Split
from course_utils.errors import CourseError

Trial = Mapping[str, Any]
"""One setting of everything that is tuned."""

DRAW = 0
"""The seed of the draw, the same for all: contenders with one grid get the same trials."""


Chances = dict[str, np.ndarray]
"""task -> ``[n]``, the chances of label 1."""

Asked = Literal["valid", "test"]
"""The table whose chances are asked for: one to choose by, one to judge."""


class Contender(ABC):
    """A method of predicting, with what may be tuned.

    Args:
        name: in the tables; two contenders of one comparison have different names.
        grid: setting -> the values to draw from.

    Attributes:
        each_task: tasks are learned apart, so each may choose its own trial.

    Raises:
        CourseError: if a list of the grid is empty.
    """

    each_task = False

    def __init__(self, name: str, grid: Mapping[str, Sequence[Any]]) -> None:
        for setting, values in grid.items():
            if isinstance(values, str) or not len(values):
                raise CourseError(
                    f"The grid of {name!r} must list one value of {setting!r} or more, got "
                    f"{values!r}."
                )
        self.name, self.grid = name, {setting: list(values) for setting, values in grid.items()}

    def trials(self, n: int, n_tasks: int) -> list[Trial]:
        """``n`` different settings drawn from the grid, or all of a grid that holds no more."""
        grid = self.grid_for(n_tasks)
        if len(ParameterGrid(grid)) <= n:
            return list(ParameterGrid(grid))
        return list(ParameterSampler(grid, n, random_state=DRAW))

    def grid_for(self, n_tasks: int) -> dict[str, list[Any]]:
        """The grid without what means nothing for so many tasks."""
        return self.grid

    @abstractmethod
    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        """Learn from the training rows; validation rows may stop the training, no more.

        Args:
            seed: of first weights and order of rows, where there are such.
            tasks: those whose chances are asked for.

        Returns:
            The chances of all rows of that table.

        Raises:
            CourseError: if this contender cannot read such a split.
            DivergedError: if training diverged.
        """


class PerTask(Contender):
    """A contender that learns one task at a time, from the rows of its sample space."""

    each_task = True

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        return {task: self.fit_task(split, task, seed, trial, asked) for task in tasks}

    @abstractmethod
    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        """``[n]``, the chances of one task; otherwise as ``fit``."""
