"""From a frame to what a network reads: codes, numbers, scenario, labels, sample spaces.

``Columns`` learns its vocabularies from training rows and encodes any other rows with them,
so a value that training never saw is code 0, in every table and at serving time alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from course_utils.errors import CourseError

EVERYWHERE = "all"
"""All scenarios together; also the only one where there is no column of them."""

UNKNOWN = 0
"""The code of a value that training never saw; in a bag also of an empty place."""


@dataclass(frozen=True)
class Columns:
    """What a network must know of its inputs. Made by ``Columns.fit``.

    A categorical column holds one value a row, a multi-valued one a bag of up to ``width``
    values. Both are embedded: value v of a column has the code 1 + its place in the
    vocabulary. Numbers are standardised with the training rows' mean and deviation.

    Attributes:
        vocabulary: embedded column -> its values; categorical ones first, then bags.
        widths: bag -> how many values of a row count, from the front.
        numbers: numeric column -> (mean, standard deviation) of the training rows.
        scenario: name of the column that says which scenario a row is of, or None.
        scenarios: its values; ("all",) where there is no such column.
    """

    vocabulary: Mapping[str, Sequence[Hashable]]
    widths: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    scenario: str | None = None
    scenarios: Sequence[Hashable] = (EVERYWHERE,)

    @classmethod
    def fit(
        cls,
        frame: pd.DataFrame,
        categorical: Sequence[str] = (),
        numeric: Sequence[str] = (),
        bags: Mapping[str, int] | None = None,
        scenario: str | None = None,
    ) -> Columns:
        """Learn vocabularies, means and deviations from training rows.

        Args:
            frame: the training rows.
            categorical: columns with one value a row; a missing value is unknown. A column of
                pandas' categorical type declares its values: each has a code, seen or not,
                so that several training sets can share one network's shapes.
            numeric: columns of finite numbers.
            bags: multi-valued columns, whose cells are lists or tuples -> values that count.
            scenario: the column of scenarios. To let a network see it as an input as well,
                name it among the categorical columns too.

        Raises:
            CourseError: if a column is missing or of the wrong kind, or there are no rows.
        """
        categorical, numeric = _names("categorical", categorical), _names("numeric", numeric)
        bags = dict(bags or {})
        _require(len(frame) > 0, "The training frame has no rows: nothing can be learned from it.")
        _present(frame, [*categorical, *numeric, *bags, *([] if scenario is None else [scenario])])
        for name, width in bags.items():
            _require(
                isinstance(width, int) and width >= 1,
                f"Bag {name!r} must be 1 value wide or more, got {width!r}.",
            )
        vocabulary = {name: _values(frame[name].dropna()) for name in categorical}
        vocabulary |= {name: _values(_unpacked(frame[name], name)) for name in bags}
        numbers = {}
        for name in numeric:
            values = _finite(frame, name)
            # A column that never varies says nothing: it becomes 0. Its deviation may be 1e-17.
            varies = values.min() < values.max()
            numbers[name] = (float(values.mean()), float(values.std()) if varies else 1.0)
            _require(
                bool(np.isfinite(numbers[name]).all()),
                f"Column {name!r} holds numbers too large to square: divide them first.",
            )
        scenarios: Sequence[Hashable] = (EVERYWHERE,)
        if scenario is not None:
            _require(
                not frame[scenario].isna().any(),
                f"Column {scenario!r} has rows without a scenario: leave them out.",
            )
            # Declared is not enough here: a network has weights for each, and must train them.
            seen = set(frame[scenario].unique())
            scenarios = tuple(value for value in _values(frame[scenario]) if value in seen)
            _require(
                EVERYWHERE not in scenarios,
                f"A scenario must not be called {EVERYWHERE!r}: reports use it for all of them.",
            )
        return cls(vocabulary, bags, numbers, scenario, scenarios)

    def same_codes(self, other: Columns) -> bool:
        """Do both give every value the same code, so that one's tables fit the other's network?

        Means and deviations of numbers may differ: each fits its own training rows.
        """
        return (
            list(self.vocabulary) == list(other.vocabulary)
            and all(tuple(v) == tuple(other.vocabulary[k]) for k, v in self.vocabulary.items())
            and dict(self.widths) == dict(other.widths)
            and list(self.numbers) == list(other.numbers)
            and tuple(self.scenarios) == tuple(other.scenarios)
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Codes of each embedded column: its values, and one for what is unknown."""
        return tuple(len(values) + 1 for values in self.vocabulary.values())

    @property
    def places(self) -> tuple[int, ...]:
        """How many codes of a row each embedded column takes: 1, or the width of the bag."""
        return tuple(self.widths.get(name, 1) for name in self.vocabulary)

    def table(
        self,
        frame: pd.DataFrame,
        labels: Sequence[str] = (),
        masks: Mapping[str, np.ndarray] | None = None,
        *,
        groups: str | None = None,
        unseen_scenario: Hashable = None,
    ) -> Table:
        """Encode rows.

        Args:
            frame: any rows with the columns that ``fit`` saw.
            labels: columns of 0 and 1, one a task; none to predict only.
            masks: task -> ``[n]`` bool, the rows of its sample space.
            groups: the column of users, for GAUC.
            unseen_scenario: the scenario whose weights serve a scenario that training never
                saw. Without it such rows are refused: a network has no weights for them.

        Raises:
            CourseError: one sentence on the first thing that is wrong.
        """
        _require(len(frame) > 0, "The frame has no rows: there is nothing to encode.")
        labels = _names("labels", labels)
        wanted = [*self.vocabulary, *self.numbers, *labels]
        wanted += [name for name in (self.scenario, groups) if name is not None]
        _present(frame, wanted)
        for task in labels:
            _require(
                task not in self.vocabulary and task not in self.numbers,
                f"Column {task!r} is an input and a label: the network would read the answer.",
            )
        codes = [
            _bag(frame[name], name, values, self.widths[name])
            if name in self.widths
            else _codes(frame[name], values)[:, None]
            for name, values in self.vocabulary.items()
        ]
        numbers = [
            (_finite(frame, name) - mean) / deviation
            for name, (mean, deviation) in self.numbers.items()
        ]
        return Table(
            columns=self,
            codes=np.concatenate([np.zeros((len(frame), 0), "int32"), *codes], 1),
            numbers=np.array(numbers, "float32").reshape(len(numbers), len(frame)).T,
            scenario=self._scenario_codes(frame, unseen_scenario),
            labels={task: _label(frame, task) for task in labels},
            masks={task: _mask(frame, task, mask) for task, mask in (masks or {}).items()},
            groups=None if groups is None else _groups(frame, groups),
        )

    def _scenario_codes(self, frame: pd.DataFrame, unseen_scenario: Hashable) -> np.ndarray:
        if self.scenario is None and unseen_scenario is None:
            return np.zeros(len(frame), "int32")
        known = ", ".join(map(str, self.scenarios))
        if unseen_scenario is not None:
            _require(
                unseen_scenario in self.scenarios,
                f"unseen_scenario must be one of the scenarios {known}, got {unseen_scenario!r}.",
            )
        if self.scenario is None:
            return np.zeros(len(frame), "int32")
        codes = _codes(frame[self.scenario], self.scenarios) - 1
        if (codes < 0).any() and unseen_scenario is None:
            first = frame[self.scenario].iloc[int(np.argmax(codes < 0))]
            raise CourseError(
                f"Scenario {first!r} was not among the training rows, which had {known}: leave "
                "such rows out, or say unseen_scenario=... to serve them as one of those."
            )
        if unseen_scenario is not None:
            codes = np.where(codes < 0, list(self.scenarios).index(unseen_scenario), codes)
        return codes.astype("int32")


@dataclass(frozen=True)
class Table:
    """Rows as a network sees them. Made by ``Columns.table``.

    Attributes:
        columns: what the codes mean.
        codes: ``[n, W]`` int32; columns side by side, each of ``columns.places`` codes.
        numbers: ``[n, D]`` float32, standardised.
        scenario: ``[n]`` int32, 0 to S - 1.
        labels: task -> ``[n]`` float32, 0 or 1.
        masks: task -> ``[n]`` bool, the rows of the task's sample space; without a mask all.
        groups: ``[n]`` int, the user of each row, or None.

    Raises:
        CourseError: if it is empty, a length or type is off, a label is not 0 or 1, a code is
            out of range, or a mask belongs to no task.
    """

    columns: Columns
    codes: np.ndarray
    numbers: np.ndarray
    scenario: np.ndarray
    labels: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray] = field(default_factory=dict)
    groups: np.ndarray | None = None

    def __post_init__(self) -> None:
        _require(len(self.codes) > 0, "The table has no rows.")
        n, width = len(self), len(self.columns.numbers)
        for name, array, kind, shape in [
            ("codes", self.codes, np.integer, (n, sum(self.columns.places))),
            ("numbers", self.numbers, np.floating, (n, width)),
            ("scenarios", self.scenario, np.integer, (n,)),
            *((f"labels of {task!r}", y, np.floating, (n,)) for task, y in self.labels.items()),
            *((f"mask of {task!r}", mask, np.bool_, (n,)) for task, mask in self.masks.items()),
            *([] if self.groups is None else [("groups", self.groups, np.integer, (n,))]),
        ]:
            _require(
                np.issubdtype(array.dtype, kind),
                f"The {name} must hold {kind.__name__} values, got {array.dtype}.",
            )
            _require(
                array.shape == shape,
                f"The {name} must have shape {shape}, got {array.shape}.",
            )
        _require(bool(np.isfinite(self.numbers).all()), "Some numbers are nan or infinite.")
        _require(
            self.scenario.min() >= 0 and self.scenario.max() < len(self.columns.scenarios),
            f"Scenario codes must lie from 0 to {len(self.columns.scenarios) - 1}.",
        )
        limits = np.repeat(self.columns.sizes, self.columns.places)
        for place, limit in enumerate(limits):
            low, high = self.codes[:, place].min(), self.codes[:, place].max()
            _require(
                low >= 0 and high < limit,
                f"The codes of place {place} must lie from 0 to {limit - 1}, got {low} to {high}.",
            )
        for task, y in self.labels.items():
            _require(
                bool(((y == 0) | (y == 1)).all()),
                f"The labels of {task!r} must be 0 or 1, without nan: where a label is missing, "
                "put 0 and leave the row out by a mask.",
            )
        for task in self.masks:
            _require(task in self.labels, f"There is a mask for {task!r}, but no such task.")

    def __len__(self) -> int:
        return len(self.codes)

    def mask(self, task: str) -> np.ndarray:
        """The rows of a task's sample space, ``[n]`` bool."""
        return self.masks.get(task, np.ones(len(self), bool))

    @property
    def inputs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What a network is called with: codes, numbers, scenario."""
        return self.codes, self.numbers, self.scenario

    def take(self, rows: np.ndarray) -> Table:
        """Some of the rows, in this order.

        Args:
            rows: ``[m]`` row numbers, or ``[n]`` bool.
        """
        return Table(
            self.columns,
            self.codes[rows],
            self.numbers[rows],
            self.scenario[rows],
            {task: y[rows] for task, y in self.labels.items()},
            {task: mask[rows] for task, mask in self.masks.items()},
            None if self.groups is None else self.groups[rows],
        )


@dataclass(frozen=True)
class Split:
    """Rows to learn from, rows that choose epoch and learning rate, rows that judge.

    Raises:
        CourseError: if they were not encoded by the same columns, or two are one table.
    """

    train: Table
    valid: Table
    test: Table

    def __post_init__(self) -> None:
        for name, other in (("valid", self.valid), ("test", self.test)):
            one = self.train.columns
            _require(
                one.same_codes(other.columns) and one.numbers == other.columns.numbers,
                f"The train and the {name} table were encoded by different columns: make both "
                "with one Columns.fit, on training rows.",
            )
        _require(
            len({id(self.train), id(self.valid), id(self.test)}) == 3,
            "Train, valid and test must be different rows: two of them are the same table.",
        )


def _require(condition: bool | np.bool_, otherwise: str) -> None:
    if not condition:
        raise CourseError(otherwise)


def _names(what: str, names: Sequence[str]) -> list[str]:
    _require(
        not isinstance(names, str),
        f"{what} must be a list of column names, got the text {names!r}: write [{names!r}].",
    )
    return list(names)


def _present(frame: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        _require(isinstance(name, str), f"The name of a column must be text, got {name!r}.")
        found = int((frame.columns == name).sum())
        _require(found < 2, f"The frame has {found} columns named {name!r}: rename or drop one.")
    missing = [name for name in names if name not in frame.columns]
    _require(
        not missing,
        f"The frame has no column {', '.join(map(repr, missing))}; it has "
        f"{', '.join(map(str, frame.columns))}.",
    )


def _values(column: pd.Series) -> tuple[Hashable, ...]:
    """The values of a column: those it declares if it is categorical, else the ones seen."""
    declares = isinstance(column.dtype, pd.CategoricalDtype)
    values = column.cat.categories.tolist() if declares else column.unique().tolist()
    # These can be saved with a network, and found again in other rows.
    if not all(isinstance(value, str) for value in values) and not all(
        isinstance(value, int | float) for value in values
    ):
        odd = next(value for value in values if not isinstance(value, int | float))
        raise CourseError(
            f"Column {column.name!r} must hold text or numbers alone, got {odd!r} of type "
            f"{type(odd).__name__}: make all its values text, with .astype(str)."
        )
    return tuple(values if declares else sorted(values))


def _codes(column: pd.Series, values: Sequence[Hashable]) -> np.ndarray:
    """``[n]`` int32: 1 + the place of each value, 0 where it is not in the vocabulary.

    Text where training had numbers, or numbers for text, would all be unknown: refused.
    """
    given = pd.Series(column.dropna().unique())
    odd = [value for value in given.tolist() if isinstance(value, str) != _is_text(values)]
    if odd and values:
        raise CourseError(
            f"Column {column.name!r} holds {odd[0]!r}, but in the training rows it held "
            f"{values[0]!r}: text and numbers are never equal, so make both the same type."
        )
    return (pd.Index(list(values)).get_indexer(column) + 1).astype("int32")


def _is_text(values: Sequence[Hashable]) -> bool:
    return bool(values) and isinstance(values[0], str)


def _mask(frame: pd.DataFrame, task: str, mask: Any) -> np.ndarray:
    """A copy; a series must be of the frame's rows in the frame's order."""
    if isinstance(mask, pd.Series) and not mask.index.equals(frame.index):
        raise CourseError(
            f"The mask of {task!r} has other rows, or another order, than the frame: make it from "
            "the same frame."
        )
    return np.array(mask)


def _groups(frame: pd.DataFrame, name: str) -> np.ndarray:
    """``[n]`` int64, a number a user."""
    wrong = int(frame[name].isna().sum())
    _require(
        wrong == 0,
        f"Column {name!r} names no user in {wrong} rows: they would all count as one user.",
    )
    return pd.factorize(frame[name])[0].astype("int64")


def _unpacked(column: pd.Series, name: str) -> pd.Series:
    """All values of a column of bags, one below the other."""
    is_bag = column.map(lambda cell: isinstance(cell, list | tuple))
    if not is_bag.all():
        wrong = column[~is_bag].iloc[0]
        raise CourseError(
            f"Column {name!r} must hold a list of values in each row, got {wrong!r}: use [] "
            "where there is none."
        )
    return column.explode().dropna().rename(name)


def _bag(column: pd.Series, name: str, values: Sequence[Hashable], width: int) -> np.ndarray:
    """``[n, width]`` int32: the codes of the first ``width`` values, 0 behind the last one."""
    flat = _unpacked(column.reset_index(drop=True), name)
    row = flat.index.to_numpy()
    # The place of a value in its own bag: how far it stands behind the bag's first one.
    place = np.arange(len(row)) - np.searchsorted(row, row)
    codes = np.zeros((len(column), width), "int32")
    kept = place < width
    codes[row[kept], place[kept]] = _codes(flat, values)[kept]
    return codes


def _finite(frame: pd.DataFrame, name: str) -> np.ndarray:
    column = frame[name]
    _require(
        pd.api.types.is_numeric_dtype(column.dtype),
        f"Column {name!r} must hold numbers, got {column.dtype}.",
    )
    values: Any = column.to_numpy("float64", na_value=np.nan)
    wrong = int((~np.isfinite(values)).sum())
    _require(wrong == 0, f"Column {name!r} is nan or infinite in {wrong} rows: fill or drop them.")
    return values


def _label(frame: pd.DataFrame, task: str) -> np.ndarray:
    column = frame[task]
    _require(
        pd.api.types.is_numeric_dtype(column.dtype),
        f"The labels of {task!r} must be numbers, 0 or 1, got {column.dtype}.",
    )
    return column.to_numpy("float32", na_value=np.nan)
