"""Rows to learn from, and the truth behind them: what a comparison is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.columns import EVERYWHERE, Columns, Split, Table


@dataclass(frozen=True)
class Case:
    """Rows to learn from, rows to choose by, rows to judge, and the truth of the last.

    Attributes:
        split: the three tables.
        truth: task -> ``[n_test]``, the chance of label 1, also where the sample space leaves
            a row out.
        visible: task -> ``[n_test]``, the mean of that chance given the columns: what is the
            best that any model can say. The truth itself where nothing is hidden.
        judged: task -> ``[n_test]`` bool, the rows that the verdict is about, for instance
            those of small scenarios.
    """

    split: Split
    truth: Mapping[str, np.ndarray]
    visible: Mapping[str, np.ndarray]
    judged: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Rows:
    """All rows of a case as arrays, before they are cut into three tables.

    Attributes:
        codes: ``[N, C]`` whole numbers from 0, one column each; numbers: ``[N, D]``.
        chances: task -> ``[N]``, the true chance; labels: task -> ``[N]`` bool.
        masks: task -> ``[N]`` bool, its sample space, where that is not every row.
        scenario: ``[N]`` whole numbers from 0, or None for one scenario.
        visible: task -> ``[N]``, where it is not ``chances``.
        judged: task -> ``[N]`` bool, where it is not every row.
    """

    codes: np.ndarray
    numbers: np.ndarray
    chances: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray]
    scenario: np.ndarray | None = None
    visible: Mapping[str, np.ndarray] | None = None
    judged: Mapping[str, np.ndarray] | None = None

    def cut(self, columns: Columns, n_train: int, n_valid: int) -> Case:
        """The first rows to learn from, the next to choose by, the rest to judge."""
        n = len(self.codes)
        scenario = np.zeros(n, int) if self.scenario is None else self.scenario
        whole = Table(
            columns,
            (self.codes + 1).astype("int32"),
            self.numbers.astype("float32"),
            scenario.astype("int32"),
            {task: y.astype("float32") for task, y in self.labels.items()},
            self.masks,
        )
        parts = np.split(np.arange(n), [n_train, n_train + n_valid])
        test = parts[2]
        everywhere = {task: np.ones(n, bool) for task in self.labels}
        return Case(
            Split(*(whole.take(part) for part in parts)),
            truth={task: p[test] for task, p in self.chances.items()},
            visible={task: p[test] for task, p in (self.visible or self.chances).items()},
            judged={task: rows[test] for task, rows in (self.judged or everywhere).items()},
        )


def columns_of(
    sizes: Mapping[str, int], numbers: Sequence[str] = (), scenarios: int | None = None
) -> Columns:
    """Columns that are the same for every seed: values are 0, 1, 2, ...; numbers stay as they are.

    Args:
        sizes: categorical column -> how many values it has.
        numbers: names of numeric columns, already of mean 0 and deviation 1 or so.
        scenarios: S, or None where there is one alone.
    """
    return Columns(
        vocabulary={name: tuple(range(size)) for name, size in sizes.items()},
        numbers=dict.fromkeys(numbers, (0.0, 1.0)),
        scenario=None if scenarios is None else "scenario",
        scenarios=(EVERYWHERE,) if scenarios is None else tuple(range(scenarios)),
    )
