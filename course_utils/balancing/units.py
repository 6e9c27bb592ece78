"""InUnits: a weighting that is told the losses in other units than they were taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.balancing.weighting import Weighting
from course_utils.errors import CourseError


class InUnits(Weighting):
    """L = total(u_1 L_1, ..., u_K L_K), with the total and the state of another weighting.

    For an experiment: one task counts in cents, another in millions. Only what the network
    learns by changes; losses that a trainer reports, stops by and chooses by stay as they are.

    Args:
        inner: what weighs the losses.
        units: u, K numbers above 0, in the order of the tasks.
    """

    def __init__(self, inner: Weighting, units: Sequence[float]) -> None:
        self.inner, self.units = inner, np.array(units, np.float32)
        if not ((self.units > 0) & (self.units < np.inf)).all():
            raise CourseError(f"Units of losses are finite and above 0, got {self.units}.")
        self.learned = inner.learned

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        if self.units.shape != (n_tasks,):
            raise CourseError(
                f"There are {n_tasks} tasks, but {self.units.size} units: give one each."
            )
        return self.inner.initial(n_tasks, seed)

    def reset(self, n_tasks: int, seed: int) -> None:
        if self.units.shape != (n_tasks,):
            self.initial(n_tasks, seed)
        self.inner.reset(n_tasks, seed)
        self.n_tasks, self.state = n_tasks, self.inner.state

    def total(self, losses: Any) -> Any:
        return self.inner.total(losses * self.units)

    def after_step(self, losses: Any, norms: Callable[[], Any], again: Callable[[], Any]) -> None:
        self.inner.after_step(
            losses * self.units, lambda: norms() * self.units, lambda: again() * self.units
        )

    def after_epoch(self, losses: np.ndarray) -> None:
        self.inner.after_epoch(losses * self.units)

    def current(self) -> np.ndarray:
        """``[K]``: what the inner weighting gives the losses in these units."""
        return self.inner.current()
