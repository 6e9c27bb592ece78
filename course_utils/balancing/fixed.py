"""Fixed: weights chosen beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.weighting import Weighting, ones
from course_utils.errors import CourseError


class Fixed(Weighting):
    """L = sum_k w_k L_k, with the same w all along; all 1 without any.

    "Task weights" and "a combined loss" are this one method, not two.

    Does not make a task learn w times faster under Adam: the towers' own steps do not depend
    on w, only the mix on the shared weights does.

    Paper: Kurin et al., In Defense of the Unitary Scalarization for Deep Multi-Task Learning,
    NeurIPS 2022, https://arxiv.org/abs/2201.04122

    Args:
        weights: K finite numbers, 0 or more, in the order of the tasks; None for all 1. May be
            set anew between two runs.

    Raises:
        CourseError: if one is negative, infinite or nan.
    """

    def __init__(self, weights: Sequence[float] | None = None) -> None:
        self.weights = weights

    @property
    def weights(self) -> Sequence[float] | None:
        """The weights of the next run."""
        return self._weights

    @weights.setter
    def weights(self, weights: Sequence[float] | None) -> None:
        numbers = np.array([] if weights is None else weights, np.float32)
        if not ((numbers >= 0) & (numbers < np.inf)).all():
            raise CourseError(f"Weights of losses are finite and 0 or more, got {weights}.")
        self._weights = weights

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        if self.weights is None:
            return {"weights": ones(n_tasks)}
        if len(self.weights) != n_tasks:
            raise CourseError(
                f"There are {n_tasks} tasks, but {len(self.weights)} weights: give one each."
            )
        return {"weights": np.array(self.weights, np.float32)}

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self.state["weights"] * losses)
