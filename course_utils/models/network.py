"""What all networks have in common: inputs, outputs, losses, saving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.columns import Columns, Table
from course_utils.errors import CourseError
from course_utils.layers import Dropout
from course_utils.models.losses import log_losses, masked_mean

ops = keras.ops

WIDTHS, WEIGHTS = ("trunk", "tower", "expert"), ("cvr", "ctcvr", "clip", "alpha")

Part = Any
"""A layer, or a weight, or (layer, [i, ...]) for some of the layers that lie side by side in it."""

BLOCK = 65_536
"""Rows that are predicted at once: a million at once could take gigabytes."""


class Network(keras.Model):
    """(codes [B, W], numbers [B, D], scenario [B]) -> {task: [B]}, the chances of label 1.

    A network says its formula in ``call``, and in ``task_losses`` where it does not learn by
    the plain log loss of each task. Its last line is ``self.make_weights()``: its weights
    exist from then on, without a first batch.

    Args:
        columns: what the codes mean.
        tasks: K names.
        settings: the subclass's own arguments, kept for saving.

    Attributes:
        chained: each task needs the one before; such a network refuses labels that do not.
        drop: its dropout, which each of its MLPs gets.

    Raises:
        CourseError: if there is no task, one is named twice, or a setting is impossible.
    """

    chained = False
    _copied: Callable[[tuple[Any, ...]], Sequence[Any]] | None = None

    def __init__(self, columns: Columns, tasks: Sequence[str], **settings: Any) -> None:
        super().__init__()
        ordered = isinstance(tasks, list | tuple)
        if not ordered or not tasks or len(set(tasks)) < len(tasks):
            raise CourseError(
                f"tasks must be a list of one name or more, none twice, got {tasks!r}."
            )
        if not columns.sizes and not columns.numbers:
            raise CourseError("The columns are none: a network needs one input or more.")
        for name, value in settings.items():
            _require_setting(name, value)
        self.columns, self.tasks, self.settings = columns, tuple(tasks), _plain(settings)
        self.drop = Dropout(settings.get("dropout", 0.0))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # By module: a reader's own MMoE does not take the place of the course's.
        keras.saving.register_keras_serializable(cls.__module__)(cls)

    def build(self, *_: Any) -> None:
        # As in ``Container``: the parts make their weights.
        self.built = True

    def make_weights(self) -> None:
        """Call the network once, on a row of unknown values."""
        codes = np.zeros((1, sum(self.columns.places)), "int32")
        self((codes, np.zeros((1, len(self.columns.numbers)), "float32"), np.zeros(1, "int32")))

    @property
    def dropout(self) -> float:
        """The chance that a unit is left out in training; may be set between two runs."""
        return self.drop.rate

    @dropout.setter
    def dropout(self, rate: float) -> None:
        _require_setting("dropout", rate)
        self.drop.rate = rate
        self.settings["dropout"] = rate

    def shared(self) -> list[Part]:
        """What the losses of several tasks train, if there are several.

        Raises:
            CourseError: if the network does not say it.
        """
        raise CourseError(
            f"{type(self).__name__} does not say which of its layers several tasks share: give "
            "it methods shared() and last_shared(), as SharedBottom has."
        )

    def last_shared(self) -> Part | None:
        """The layer of ``shared`` that all tasks read and that is nearest to their outputs.

        As ``shared``; None where tasks share nothing.
        """
        self.shared()
        return None

    def cut(self, *read: Any) -> Sequence[Any]:
        """Hand on what the tasks' own layers read of the shared ones: all of it, in ``call``.

        Only a network in which the loss of a task reads its own layers and the shared ones
        has such a place; the others do not call this. A trainer that balances on the
        representation puts copies here: ``[K, ...]`` for ``[...]``, the k-th for task k.
        """
        return read if self._copied is None else self._copied(read)

    @contextmanager
    def copies_at_cut(
        self, copied: Callable[[tuple[Any, ...]], Sequence[Any]]
    ) -> Iterator[list[tuple[tuple[Any, ...], Sequence[Any]]]]:
        """Inside, ``cut`` returns what ``copied`` makes of what it got; gives a list of both."""
        cuts = []

        def noted(read: tuple[Any, ...]) -> Sequence[Any]:
            cuts.append((read, copied(read)))
            return cuts[-1][1]

        self._copied = noted
        try:
            yield cuts
        finally:
            self._copied = None

    def loss_rows(self, counts: Any) -> Any:
        """``[K, B]``: 1 on the rows that a task's loss is over: its sample space.

        Args:
            counts: as in ``task_losses``.
        """
        return counts

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        """The loss of each task, ``[K]``: its mean log loss over its sample space.

        Args:
            predicted: what ``call`` returned.
            labels: ``[K, B]``, 0 or 1.
            counts: ``[K, B]``, 1 where the row is in the task's sample space, else 0.
        """
        chances = ops.stack([predicted[task] for task in self.tasks])
        return masked_mean(log_losses(labels, chances), counts)

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``: the chances of the table's rows.

        Raises:
            CourseError: if the table does not fit the network.
        """
        self.require_fit(table, "given")
        blocks = range(0, len(table), BLOCK)
        parts = [self(tuple(x[at : at + BLOCK] for x in table.inputs)) for at in blocks]
        return {
            task: np.concatenate([ops.convert_to_numpy(part[task]) for part in parts])
            for task in self.tasks
        }

    def require_fit(self, table: Table, name: str) -> None:
        """Refuse a table that the network cannot read.

        Args:
            name: of the table, for the message.

        Raises:
            CourseError: one sentence.
        """
        if not self.columns.same_codes(table.columns):
            raise CourseError(
                f"The {name} table was encoded by other columns than the network's: make both "
                "with one Columns.fit."
            )
        if self.columns.numbers != table.columns.numbers:
            raise CourseError(
                f"The numbers of the {name} table were standardised with another mean and "
                "deviation than the network's training rows: make both with one Columns.fit."
            )

    def require_labels(self, table: Table, name: str) -> None:
        """Refuse a table that cannot teach or judge the network. As ``require_fit``."""
        for task in self.tasks:
            if task not in table.labels:
                raise CourseError(
                    f"The {name} table has no task {task!r}, only {', '.join(table.labels)}."
                )
            if not table.mask(task).any():
                raise CourseError(f"The mask of {task!r} leaves no row of the {name} table.")
        for first, then in pairwise(self.tasks) if self.chained else ():
            wrong = int((table.labels[then] > table.labels[first]).sum())
            if wrong:
                raise CourseError(
                    f"{wrong} rows of the {name} table have {then!r} without {first!r}: "
                    f"{type(self).__name__} takes its tasks in their order, each needing the one "
                    "before."
                )

    def get_config(self) -> dict[str, Any]:
        return {
            "columns": _plain(vars(self.columns)),
            "tasks": list(self.tasks),
            **self.settings,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Network:
        return cls(**{**config, "columns": Columns(**_frozen(config["columns"]))})


def _require_setting(name: str, value: Any) -> None:
    """A setting is a weight of a loss, widths of layers, names of columns, or a count."""
    if name == "dropout":
        right, what = 0.0 <= value < 1.0, "a number, 0 or more and below 1"
    elif name in WEIGHTS:
        right, what = 0.0 <= value < np.inf, "a number, 0 or more"
    elif name in WIDTHS or isinstance(value, list | tuple):
        listed = isinstance(value, list | tuple)
        kinds = int if name in WIDTHS else int | str
        right = listed and all(isinstance(one, kinds) for one in value)
        right = right and all(one > 0 for one in value if isinstance(one, int))
        # Experts without a layer would all be the same.
        right = right and (name != "expert" or len(value) > 0)
        what = "a list of widths, whole numbers of 1 or more"
    else:
        right, what = type(value) is int and value >= 1, "a whole number, 1 or more"
    if not right:
        raise CourseError(f"{name} must be {what}, got {value!r}.")


def _plain(value: Any) -> Any:
    """Mappings as dicts, sequences as lists: what JSON holds."""
    if hasattr(value, "items"):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _frozen(value: Any) -> Any:
    """The same with tuples for lists, as ``Columns.fit`` makes them."""
    if isinstance(value, dict):
        return {name: _frozen(one) for name, one in value.items()}
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def require_scenarios(network: Network) -> int:
    """S, the number of scenarios of a network that needs more than one.

    Raises:
        CourseError: if its columns name no scenario, or there is only one.
    """
    n = len(network.columns.scenarios)
    if n < 2:
        raise CourseError(
            f"{type(network).__name__} needs two scenarios or more, and the columns have {n}: "
            "name the column of scenarios in Columns.fit(..., scenario=...)."
        )
    return n


def require_pair(network: Network) -> None:
    """The two tasks of a network that chains them: first click, then what needs a click.

    Raises:
        CourseError: if there are not two.
    """
    if len(network.tasks) != 2:
        raise CourseError(
            f"{type(network).__name__} needs two tasks, first the click, then what needs a click, "
            f"got {', '.join(network.tasks)}."
        )


def require_columns(network: Network, names: Sequence[str]) -> tuple[str, ...]:
    """The names of embedded columns that a network takes for itself.

    Raises:
        CourseError: if there is none, or one is not among the embedded columns.
    """
    known = ", ".join(network.columns.vocabulary)
    missing = [name for name in names if name not in network.columns.vocabulary]
    if isinstance(names, str) or not names or missing:
        raise CourseError(
            f"{type(network).__name__} needs a list of embedded columns, got {names!r}: there are "
            f"{known}."
        )
    return tuple(names)
