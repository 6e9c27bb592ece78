"""CAGrad: near the mean gradient, what is best for the worst task."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.geometry import noise, shortest_to_1, unit_gradients
from course_utils.balancing.mgda import shortest
from course_utils.errors import CourseError


class CAGrad(Aggregator):
    """d maximises min_k <g_k, d> over ||d - g_0|| <= c ||g_0||, with g_0 = the mean gradient.

    c = 0 is the mean; the larger, the more the worst task decides. Raises CourseError for a
    negative c. Weights are >= 1 / K.

    Does not forbid conflict for c < 1: d may make a task worse. For c < 1 it comes to rest
    only where g_0 = 0; for c >= 1 also where sum_k w_k g_k = 0 for some positive weights.

    The paper solves the dual min_w g_w.g_0 + c ||g_0|| ||g_w|| over the simplex and takes
    d = g_0 + c ||g_0|| / ||g_w|| g_w. That divides by 0 where g_w = 0; torchjd 0.18 then
    returns 0, which for c < 1 is outside the ball. Here d is then the point nearest to g_0
    that harms no task.

    Paper: Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, NeurIPS 2021,
    https://arxiv.org/abs/2110.14048
    """

    def __init__(self, c: float = 0.5) -> None:
        if not c >= 0:
            raise CourseError(f"CAGrad's c is the radius of its ball: 0 or more, got {c}.")
        self.c = c

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        norms, inverse, units = unit_gradients(gramian)
        mean = units @ norms / len(norms)
        size = float(np.linalg.norm(mean))
        if self.c * size == 0.0:
            return np.full(len(norms), 1.0 / len(norms))
        norms, inverse, mean = norms / size, inverse * size, mean / size  # now ||g_0|| = 1
        # The best t = min_k <g_k, d> is the largest whose set {d: J d >= t} meets the ball.
        # No d there is longer than 1 + c, so t is at most that times the shortest vector.
        x = norms * shortest(norms, units)
        floor = float(np.linalg.norm(units @ x))
        stationary = floor <= 2.0 * np.sqrt(noise(gramian)) * np.linalg.norm(x)
        t = 0.0 if stationary else (1.0 + self.c) * floor
        for _ in range(50):
            # The way from g_0 to the set: e = U x, the shortest with U^T e >= b. Lawson and
            # Hanson, Solving Least Squares Problems, 1974, chapter 23: least distance.
            b = t * inverse - mean @ units
            x = shortest_to_1(units, b)
            x /= 1.0 - b @ x
            distance = float(np.linalg.norm(units @ x))
            if distance <= self.c * (1.0 + 1e-10):
                break
            # Newton: the distance from g_0 is convex in t, with slope (x / n) / distance,
            # so t comes down to the ball's rim from above and never passes it.
            t -= (distance - self.c) * distance / (inverse @ x)
        return 1.0 / len(norms) + inverse * x
