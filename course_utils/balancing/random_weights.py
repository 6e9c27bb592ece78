"""Random loss weighting: the test that a weighting method has to pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.weighting import Weighting


class RandomWeights(Weighting):
    """w = softmax(z), z ~ N(0, 1)^K, drawn anew at every step.

    Weights are positive with sum 1, so 1 / K on average, as in the paper: the total is 1 / K
    of the plain sum's, which matters to SGD but not to Adam.

    Does not balance anything: with few tasks and many steps it is the mean loss with noise. A
    method that does not beat it has not shown that its weights matter.

    Paper: Lin, Ye, Zhang and Tsang, Reasonable Effectiveness of Random Weighting: A Litmus
    Test for Multi-Task Learning, TMLR 2022, https://arxiv.org/abs/2111.10603
    """

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        # The draw is a function of seed and step, so a run repeats and a graph holds no state.
        return {"draw": np.array([seed, 0], np.int32)}

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self._weights() * losses)

    def after_step(self, losses: Any, norms: Any, again: Any) -> None:
        self.state["draw"].assign_add(tf.constant([0, 1]))

    def current(self) -> np.ndarray:
        """The weights that the next step will use."""
        return self._weights().numpy()

    def _weights(self) -> Any:
        draw = tf.convert_to_tensor(self.state["draw"])
        # Philox by name: the same numbers on every device.
        return tf.nn.softmax(tf.random.stateless_normal([self.n_tasks], draw, alg="philox"))
