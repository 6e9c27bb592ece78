"""Other views of the same rows: the scenario as a column, numbers standardised within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from course_utils.columns import Columns, Split, Table
from course_utils.errors import CourseError


def as_given(split: Split) -> Split:
    """The split itself."""
    return split


def scenario_column(split: Split) -> Split:
    """The same rows with the scenario as the first categorical column.

    The split itself where there is one scenario alone, or the columns hold it already.
    """
    columns = split.train.columns
    if len(columns.scenarios) < 2 or columns.scenario in columns.vocabulary:
        return split
    name = columns.scenario or "scenario"
    wider = replace(columns, vocabulary={name: tuple(columns.scenarios), **columns.vocabulary})

    def widened(table: Table) -> Table:
        codes = np.concatenate([table.scenario[:, None] + 1, table.codes], 1).astype("int32")
        return replace(table, columns=wider, codes=codes)

    return Split(widened(split.train), widened(split.valid), widened(split.test))


def standardised_within(split: Split) -> Split:
    """``scenario_column``, with numbers standardised by mean and deviation of their scenario.

    Means and deviations are those of the scenario's training rows; a scenario with fewer than
    two of them keeps its numbers as they are. A number that never varies in it becomes 0.
    """
    train = split.train
    names = train.columns.numbers
    n, width = len(train.columns.scenarios), len(names)
    means, deviations = np.zeros((n, width)), np.ones((n, width))
    for code in range(n):
        rows = train.numbers[train.scenario == code].astype(float)
        if len(rows) > 1:
            means[code] = rows.mean(0)
            spread = rows.std(0)
            deviations[code] = np.where(spread > 1e-6, spread, 1.0)
    columns = replace(train.columns, numbers=dict.fromkeys(names, (0.0, 1.0)))

    def standardised(table: Table) -> Table:
        numbers = (table.numbers - means[table.scenario]) / deviations[table.scenario]
        return replace(table, columns=columns, numbers=numbers.astype("float32"))

    return scenario_column(
        Split(standardised(train), standardised(split.valid), standardised(split.test))
    )


def one_task(table: Table, task: str, name: str) -> Table:
    """The rows of a task's sample space with that task alone, under another name."""
    alone = replace(table, labels={name: table.labels[task]}, masks={})
    return alone.take(table.mask(task))


def joint_codes(table: Table, names: Sequence[str]) -> np.ndarray:
    """``[n]`` int64: one code for each combination of the columns' codes.

    Raises:
        CourseError: if a name is no categorical column, or is a bag.
    """
    require_no_bags(table.columns)
    known = list(table.columns.vocabulary)
    sizes = table.columns.sizes
    code = np.zeros(len(table), "int64")
    for name in names:
        if name not in known:
            raise CourseError(
                f"There is no categorical column {name!r} to cross: there are {', '.join(known)}."
            )
        place = known.index(name)
        code = code * sizes[place] + table.codes[:, place]
    return code


def require_no_bags(columns: Columns) -> None:
    """Refuse multi-valued columns: the plain models read one value a column."""
    if columns.widths:
        raise CourseError(
            f"Column {next(iter(columns.widths))!r} holds several values a row, and the plain "
            "models read one: leave such columns out of a comparison with them."
        )
