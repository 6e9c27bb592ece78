"""What all networks have in common: inputs, outputs, losses, saving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.losses import log_losses, masked_mean

ops = keras.ops


class Network(keras.Model):  # type: ignore[name-defined]
    """(codes [B, W], numbers [B, D], scenario [B]) -> {task: [B]}, chances of label 1.

    A network says its formula in ``call``, and in ``task_losses`` where it does not learn by
    the plain log loss of each task. Its last line is ``self.make_weights()``: its weights
    exist from then on, without a first batch.

    Args:
        columns: what the codes mean.
        tasks: K names.
        settings: the subclass's own arguments, kept for saving.

    Raises:
        CourseError: if there is no task, or one is named twice.
    """

    def __init__(self, columns: Columns, tasks: Sequence[str], **settings: Any) -> None:
        super().__init__()
        if isinstance(tasks, str) or not tasks or len(set(tasks)) < len(tasks):
            raise CourseError(
                f"tasks must be a list of one name or more, none twice, got {tasks!r}."
            )
        self.columns, self.tasks, self.settings = columns, tuple(tasks), _plain(settings)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        keras.saving.register_keras_serializable("course_utils")(cls)

    def build(self, *_: Any) -> None:
        # As in ``Container``: the parts make their weights.
        self.built = True

    def make_weights(self) -> None:
        """Call the network once, on a row of unknown values."""
        codes = np.zeros((1, sum(self.columns.places)), "int32")
        self((codes, np.zeros((1, len(self.columns.numbers)), "float32"), np.zeros(1, "int32")))

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        """The loss of each task, ``[K]``: its mean log loss over its sample space.

        Args:
            predicted: what ``call`` returned.
            labels: ``[K, B]``, 0 or 1.
            counts: ``[K, B]``, 1 where the row is in the task's sample space, else 0.
        """
        chances = ops.stack([predicted[task] for task in self.tasks])
        return masked_mean(log_losses(labels, chances), counts)

    def get_config(self) -> dict[str, Any]:
        return {
            "columns": _plain(vars(self.columns)),
            "tasks": list(self.tasks),
            **_plain(self.settings),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Network:
        return cls(**{**config, "columns": Columns(**_frozen(config["columns"]))})


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


def require_pair(network: Network) -> tuple[str, str]:
    """The two tasks of a network that chains them: first click, then what needs a click.

    Raises:
        CourseError: if there are not two.
    """
    if len(network.tasks) != 2:
        raise CourseError(
            f"{type(network).__name__} needs two tasks, first the click, then what needs a click, "
            f"got {', '.join(network.tasks)}."
        )
    return network.tasks[0], network.tasks[1]


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
