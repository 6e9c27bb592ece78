"""What every gradient aggregator is: weights over tasks from the Gramian alone."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from course_utils.errors import CourseError


class Aggregator(ABC):
    """d = sum_k w_k g_k, with w = weights(G), G = J J^T.

    g_k = the gradient of task k's loss on the shared weights, a row of J ``[K, P]``. A step
    along -d is then taken. Weights need G ``[K, K]`` alone, so K^2 numbers, however long P is.

    Does not touch the task's own weights: no other task has a gradient there.
    """

    def reset(self, n_tasks: int, seed: int) -> None:
        """Before each training run: fix the random numbers, where a method draws any."""
        return None

    @abstractmethod
    def weights(self, gramian: np.ndarray) -> np.ndarray:
        """``[K, K]`` float to ``[K]`` float64; finite for every finite Gramian."""

    def __call__(self, jacobian: np.ndarray) -> np.ndarray:
        """The direction d ``[P]`` of a Jacobian ``[K, P]``.

        Raises:
            CourseError: if it is not a matrix of finite real numbers with a row or more.
        """
        rows = np.asarray(jacobian)
        if rows.ndim != 2 or not rows.size:
            raise CourseError(
                "A Jacobian has one row per task and one column per shared weight, got shape "
                f"{rows.shape}: stack the flattened gradients."
            )
        if rows.dtype.kind not in "iuf":
            raise CourseError(
                f"A Jacobian holds real numbers, got dtype {rows.dtype}: convert it to float."
            )
        if not np.isfinite(rows).all():
            raise CourseError(
                "The Jacobian holds nan or infinite values: look at the losses and the "
                "learning rate of the step before."
            )
        rows = rows.astype(np.float64)
        return self.weights(rows @ rows.T) @ rows
