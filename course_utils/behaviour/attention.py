"""Attention over what a customer did: for a candidate (DIN), and from step to step (SASRec)."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras

FAR = -1e9
"""In place of a score that must not count: its share after a softmax is 0."""


class TargetAttention(keras.layers.Layer):
    """What a history says about each candidate.

    With e_j the embeddings of the history, c that of a candidate::

        v(c) = sum_j a(e_j, c) e_j        a = a small network on [e_j, c, e_j - c, e_j * c]

    The weights need not sum to 1: "normalization with softmax on the output of a is abandoned", so
    that ten actions like the candidate weigh more than one (G. Zhou and others: Deep Interest
    Network for Click-Through Rate Prediction, KDD 2018, section 4.3). The authors' public code has
    a softmax all the same. The paper leaves the network open beyond its inputs, an outer product
    among them; e_j - c and e_j * c are those of the code.

    Args:
        hidden: units of the small network.
        normalised: with the softmax of the public code.
    """

    def __init__(self, hidden: int = 16, normalised: bool = False) -> None:
        super().__init__()
        self.first = keras.layers.Dense(hidden, activation="sigmoid")
        self.second = keras.layers.Dense(1)
        self.normalised = normalised

    def call(self, candidates: Any, history: Any, mask: Any) -> Any:
        """``[n, k, d]``, one vector a candidate.

        Args:
            candidates: ``[n, k, d]``; history: ``[n, steps, d]``; mask: ``[n, steps]``, 1 or True
                where there is an action.
        """
        ops = keras.ops
        if not self.first.built:
            self.first.build((None, 4 * history.shape[-1]))
        # W1 meets its four inputs one by one: no pair of step and candidate is written out.
        of_e, of_c, of_difference, of_product = ops.split(self.first.kernel, 4, axis=0)
        of_step = ops.matmul(history, of_e + of_difference)
        of_candidate = ops.matmul(candidates, of_c - of_difference) + self.first.bias
        scaled = ops.expand_dims(candidates, -1) * of_product  # [n, k, d, hidden]
        both = ops.matmul(history[:, None], scaled)  # [n, k, steps, hidden]
        hidden = ops.sigmoid(both + of_step[:, None] + of_candidate[:, :, None])
        weights = ops.squeeze(self.second(hidden), -1)  # [n, k, steps]
        there = ops.cast(ops.expand_dims(mask, 1), weights.dtype)
        if self.normalised:
            weights = ops.softmax(weights + FAR * (1.0 - there), axis=-1)
        return ops.matmul(weights * there, history)


class CausalBlock(keras.layers.Layer):
    """One block of self-attention in which no step sees a later one.

    With Q, K, V linear in the steps, over the steps j <= i that are no padding::

        x_i  <-  x_i + sum_j softmax_j(Q_i . K_j / sqrt(d)) V_j,      then
        x_i  <-  x_i + W2 relu(W1 x_i)

    each on normalised inputs (W.-C. Kang, J. McAuley: Self-Attentive Sequential Recommendation,
    ICDM 2018). One head, as in the paper. The paper normalises the input of all three; its public
    code that of Q alone.

    Args:
        dim: of a step; dropout: of what is added.
    """

    def __init__(self, dim: int, dropout: float = 0.0) -> None:
        super().__init__()
        layers = keras.layers
        self.query, self.key, self.value = (layers.Dense(dim, use_bias=False) for _ in "qkv")
        self.inner, self.outer = layers.Dense(dim, activation="relu"), layers.Dense(dim)
        self.before, self.between = layers.LayerNormalization(), layers.LayerNormalization()
        self.drop = layers.Dropout(dropout)
        self.dim = dim

    def call(self, steps: Any, mask: Any, training: bool = False) -> Any:
        """``[n, steps, dim]``.

        Args:
            steps: ``[n, steps, dim]``; mask: ``[n, steps]``, 1 or True where there is an action.
        """
        ops = keras.ops
        x = self.before(steps)
        scores = ops.matmul(self.query(x), ops.transpose(self.key(x), (0, 2, 1)))
        n = ops.shape(steps)[1]
        seen = ops.cast(ops.tril(ops.ones((n, n))), "bool")
        seen = ops.logical_and(seen, ops.expand_dims(ops.cast(mask, "bool"), 1))
        scores = ops.where(seen, scores / self.dim**0.5, FAR)
        x = steps + self.drop(ops.matmul(ops.softmax(scores), self.value(x)), training=training)
        return x + self.drop(self.outer(self.inner(self.between(x))), training=training)
