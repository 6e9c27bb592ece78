"""What every loss weighting is: one total loss, and state that a new run sets back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.errors import CourseError


class Weighting(ABC):
    """L = sum_k w_k L_k.

    A trainer calls ``reset`` before each run, ``total`` inside the gradient tape,
    ``after_step`` once the step is applied, ``after_epoch`` once an epoch is over. State lives
    in variables that are made once and assigned afterwards, so that a graph traced in the
    first run serves them all.

    Does not see directions: it weighs losses, so a conflict between gradients stays one.
    """

    learned: tuple[str, ...] = ()  # the part of the state that the network's optimizer learns
    state: dict[str, Any]
    n_tasks: int

    @abstractmethod
    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        """The state before the first step, by name; ``weights [K]`` or what they follow from.

        Raises:
            CourseError: if the method was given settings for another number of tasks.
        """

    @abstractmethod
    def total(self, losses: Any) -> Any:
        """The scalar to differentiate; losses is a ``[K]`` float32 tensor."""

    def reset(self, n_tasks: int, seed: int) -> None:
        """Set the state back to the start.

        Raises:
            CourseError: if the number of tasks is not that of the first call.
        """
        if getattr(self, "n_tasks", n_tasks) != n_tasks:
            raise CourseError(
                f"This {type(self).__name__} weighs {self.n_tasks} tasks, got {n_tasks}: "
                "make a new one."
            )
        values = self.initial(n_tasks, seed)
        if not hasattr(self, "state"):
            self.n_tasks = n_tasks
            self.state = {
                name: keras.Variable(
                    value, trainable=name in self.learned, dtype=str(value.dtype), name=name
                )
                for name, value in values.items()
            }
        for name, value in values.items():
            self.state[name].assign(value)

    @property
    def trainable_variables(self) -> list[Any]:
        """What the optimizer updates along with the network; call ``reset`` first."""
        return [self.state[name] for name in self.learned]

    def after_step(self, losses: Any, norms: Callable[[], Any], again: Callable[[], Any]) -> None:
        """In the graph, after the step.

        Args:
            losses: ``[K]``, before the step.
            norms: gives ``[K]``, the norm of each L_k's gradient on the last shared layer.
            again: gives ``[K]``, the losses of the same batch after the step.
        """
        return None  # AutoGraph warns of a function without a body

    def after_epoch(self, losses: np.ndarray) -> None:
        """Outside the graph, with the ``[K]`` mean training losses of the epoch."""
        return None

    def current(self) -> np.ndarray:
        """``[K]``: the weights now."""
        return self.state["weights"].numpy()


def ones(n_tasks: int) -> np.ndarray:
    """Where most methods start."""
    return np.ones(n_tasks, np.float32)
