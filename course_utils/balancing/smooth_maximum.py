"""SmoothMaximum: the worst loss decides, and softly, so that its gradient does not jump."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.weighting import Weighting, ones
from course_utils.errors import CourseError


class SmoothMaximum(Weighting):
    """L = t log sum_k exp(L_k / t).

    Its gradient is a weighted mean of the tasks' gradients, with weights softmax_k(L_k / t). It
    lies between max_k L_k and max_k L_k + t log K: for a small t the largest loss alone is
    learned, for a large one the plain mean. One backward pass. ``current`` gives the weights that
    the losses of the last epoch have.

    Does not undo units: it compares the losses as they come, so a task whose loss counts in
    larger units, or is harder by nature, decides. Does not say which t: tune it.

    Paper: Lin et al., Smooth Tchebycheff Scalarization for Multi-Objective Optimization, ICML
    2024, https://arxiv.org/abs/2402.19078, with equal preferences and the ideal point 0, which no
    log loss is below; for groups of rows Sagawa et al., Distributionally Robust Neural Networks
    for Group Shifts, ICLR 2020, https://arxiv.org/abs/1911.08731

    Args:
        temperature: t, finite and above 0, in the losses' own unit.

    Raises:
        CourseError: for any other temperature.
    """

    def __init__(self, temperature: float = 0.02) -> None:
        if not 0 < temperature < np.inf:
            raise CourseError(f"The temperature is finite and above 0, got {temperature}.")
        self.temperature = temperature

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        return {"weights": ones(n_tasks) / n_tasks}

    def total(self, losses: Any) -> Any:
        return self.temperature * tf.reduce_logsumexp(losses / self.temperature)

    def after_epoch(self, losses: np.ndarray) -> None:
        self.state["weights"].assign(tf.nn.softmax(losses / self.temperature))
