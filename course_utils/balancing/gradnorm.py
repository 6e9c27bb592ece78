"""GradNorm: weights that give every task's gradient its share of length."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.adam import Adam
from course_utils.balancing.weighting import Weighting, ones

SMALLEST = 1e-6


class GradNorm(Weighting):
    """After every step, one Adam step on w, and on w alone, down the gradient of

    sum_k | w_k n_k - target_k |,  target_k = mean_j(w_j n_j) r_k^alpha, held constant,
    r_k = (L_k / L_k(0)) / mean_j(L_j / L_j(0)),  n_k = ||grad of L_k, last shared layer||.

    Then w is scaled to sum K. So a task with short gradients gains weight, and so does one
    that has come less far (r_k > 1). L_k(0) = the first positive loss of task k.

    Does not look at directions: it balances lengths, a conflict stays. With alpha = 0 it
    only makes the lengths equal.

    The paper lets w go where the step takes it; here w >= 1e-6, since a step of the learning
    rate can pass 0 and a negative weight would train a task backwards.

    Paper: Chen et al., GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep
    Multitask Networks, ICML 2018, https://arxiv.org/abs/1711.02257

    Args:
        alpha: how strongly slow tasks are pulled back; the more unlike the tasks, the larger.
            1.5 on the paper's images (NYUv2), 0.12 on its toy.
        learning_rate: of w; 0.025 in the paper, with Adam.
    """

    def __init__(self, alpha: float = 1.5, learning_rate: float = 0.025) -> None:
        self.alpha = alpha
        self.adam = Adam(learning_rate)

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        return {"weights": ones(n_tasks), "first_losses": np.zeros(n_tasks, np.float32)}

    def reset(self, n_tasks: int, seed: int) -> None:
        super().reset(n_tasks, seed)
        self.adam.reset(self.state["weights"])

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self.state["weights"] * losses)

    def after_step(self, losses: Any, norms: Any, again: Any) -> None:
        w, first, n = self.state["weights"], self.state["first_losses"], norms()
        first.assign(tf.where(first > 0.0, first, losses))
        ratio = tf.math.divide_no_nan(losses, tf.convert_to_tensor(first))
        rate = tf.math.divide_no_nan(ratio, tf.reduce_mean(ratio))
        target = tf.reduce_mean(w * n) * rate**self.alpha
        self.adam.step(tf.sign(w * n - target) * n)
        positive = tf.maximum(tf.convert_to_tensor(w), SMALLEST)
        w.assign(self.n_tasks * positive / tf.reduce_sum(positive))
