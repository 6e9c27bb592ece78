"""Dynamic Weight Average: more weight for the task whose loss falls slowest."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax

from course_utils.backend import tf
from course_utils.balancing.weighting import Weighting, ones


class DWA(Weighting):
    """w_k(t) = K softmax_k(r_k / T), r_k = L_k(t - 1) / L_k(t - 2), L_k(t) = epoch t's mean.

    All 1 for the first two epochs; the sum is K. Larger T, more equal. Losses must be
    positive; where L_k(t - 2) is 0, r_k counts as 1.

    Does not weigh the fast task up: the reverse (ratios .50 and .967 give .884 and 1.116).
    Does not see the size of a loss, only its ratio, and the last two epochs alone, so late
    in training all ratios are near 1 and so are the weights.

    Paper: Liu, Johns and Davison, End-to-End Multi-Task Learning with Attention, CVPR 2019,
    https://arxiv.org/abs/1803.10704

    Args:
        temperature: T; 2 in the paper.
    """

    def __init__(self, temperature: float = 2.0) -> None:
        self.temperature = temperature

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        self.before: np.ndarray | None = None
        return {"weights": ones(n_tasks)}

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self.state["weights"] * losses)

    def after_epoch(self, losses: np.ndarray) -> None:
        if self.before is not None:
            rates = np.divide(losses, self.before, out=np.ones(len(losses)), where=self.before > 0)
            self.state["weights"].assign(len(losses) * softmax(rates / self.temperature))
        self.before = np.array(losses)
