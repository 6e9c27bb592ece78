"""Mean: every gradient alike."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator


class Mean(Aggregator):
    """d = (1 / K) sum_k g_k: gradient descent on the mean loss.

    Weights: 1 / K each.

    Does not protect a task: the one with the longest gradient decides, and d can make
    another task worse. It is still the baseline that the others must beat.

    Paper: Kurin et al., In Defense of the Unitary Scalarization for Deep Multi-Task Learning,
    NeurIPS 2022, https://arxiv.org/abs/2201.04122
    """

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        return np.full(len(gramian), 1.0 / len(gramian))
