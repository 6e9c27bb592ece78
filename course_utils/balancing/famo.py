"""FAMO: all losses fall at the same rate, at the price of one more forward pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.adam import Adam
from course_utils.balancing.weighting import Weighting

EPSILON = 1e-8


class FAMO(Weighting):
    """L = c sum_k z_k log L_k, z = softmax(xi), c = 1 / sum_k (z_k / L_k), held constant.

    Its gradient is a weighted mean of the tasks' gradients, with weights c z_k / L_k.
    After the step, on the same batch, delta_k = log(L_k before) - log(L_k after), and Adam
    takes a step on xi down  J^T delta + gamma xi,  J = dz / dxi: a task whose loss fell less
    than the others' gains weight. xi starts at 0. ``current`` gives z.

    Does not see conflict, and does not work with a loss of 0: every batch needs rows of every
    task. Losses must be positive (1e-8 is added inside the logarithm).

    gamma = 0.01 is the default of the authors' famo.py; torchjd 0.18 has 0.001, the authors'
    experiments 1e-5. The authors also clip the gradient's norm to 1; that is left out.

    Paper: Liu, Feng, Stone and Liu, FAMO: Fast Adaptive Multitask Optimization, NeurIPS 2023,
    https://arxiv.org/abs/2306.03792

    Args:
        gamma: pulls the weights together.
        learning_rate: of xi.
    """

    def __init__(self, gamma: float = 0.01, learning_rate: float = 0.025) -> None:
        self.gamma = gamma
        self.adam = Adam(learning_rate)

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        return {"logits": np.zeros(n_tasks, np.float32)}

    def reset(self, n_tasks: int, seed: int) -> None:
        super().reset(n_tasks, seed)
        self.adam.reset(self.state["logits"])

    def total(self, losses: Any) -> Any:
        z = self._shares()
        scale = 1.0 / tf.stop_gradient(tf.reduce_sum(z / (losses + EPSILON)))
        return scale * tf.reduce_sum(z * tf.math.log(losses + EPSILON))

    def after_step(self, losses: Any, norms: Any, again: Any) -> None:
        z = self._shares()
        fall = tf.math.log(losses + EPSILON) - tf.math.log(again() + EPSILON)
        slope = z * (fall - tf.reduce_sum(z * fall))  # J^T fall
        self.adam.step(slope + self.gamma * self.state["logits"])

    def current(self) -> np.ndarray:
        return self._shares().numpy()

    def _shares(self) -> Any:
        return tf.nn.softmax(tf.convert_to_tensor(self.state["logits"]))
