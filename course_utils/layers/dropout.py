"""Dropout whose rate and random numbers a new run sets without a new graph."""

from __future__ import annotations

from typing import Any

from course_utils.backend import tf


class Dropout:
    """In training, each x_i is 0 with chance ``rate`` and x_i / (1 - rate) else; then it is x_i.

    One object serves all layers of a network. It has no weights, so it is no Keras layer. The
    random numbers are a function of the seed and of how many were drawn since ``reset``. At a
    rate of 0 nothing is added to the graph, so a graph that was traced at 0 stays without.

    Paper: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting,
    JMLR 15, 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Args:
        rate: 0 or more, below 1; may be set anew between two runs.
    """

    def __init__(self, rate: float = 0.0) -> None:
        self.rate = rate
        self._in_graph = tf.Variable(rate, trainable=False, dtype=tf.float32)
        self.draw = tf.Variable([0, -1], trainable=False, dtype=tf.int32)

    def reset(self, seed: int) -> None:
        """Start the random numbers of this seed, with the rate as it is now."""
        self._in_graph.assign(self.rate)
        # Counts down from -1: random weights count up from 0, and must not meet the same bits.
        self.draw.assign([seed, -1])

    def __call__(self, x: Any, training: bool) -> Any:
        if not training or self.rate == 0.0:
            return x
        # Philox by name: the same numbers on every device.
        uniform = tf.random.stateless_uniform(tf.shape(x), self.draw, alg="philox")
        self.draw.assign_add([0, -1])
        kept = tf.cast(uniform >= self._in_graph, x.dtype)
        return x * kept / (1.0 - self._in_graph)
