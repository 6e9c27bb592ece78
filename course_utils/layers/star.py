"""STAR's two layers: weights and statistics that each scenario adapts."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras
from course_utils.layers.parallel import side_by_side
from course_utils.layers.scenarios import own

ops = keras.ops

EPSILON = 1e-3


class StarDense(keras.layers.Layer):
    """a(x (W_p * W) + b_p + b) for a row of scenario p: a product of weights, a sum of biases.

    Input: ``x [B, d]``, ``scenario [B]``. Output: ``[B, h]``.

    W_p starts at 1 and b_p at 0, so that all scenarios start as the shared layer.

    Args:
        scenarios: S.
        units: h.
        activation: a, as in ``keras.layers.Dense``.
    """

    def __init__(self, scenarios: int, units: int, activation: str | None = None) -> None:
        super().__init__()
        self.scenarios, self.units = scenarios, units
        self.activation = keras.activations.get(activation)

    def build(self, shape: tuple[int, ...], *_: Any) -> None:
        d, h = shape[-1], self.units
        self.kernel = self.add_weight((d, h), "glorot_uniform", name="kernel")
        self.bias = self.add_weight((h,), "zeros", name="bias")
        self.own_kernel = self.add_weight((self.scenarios, d, h), "ones", name="own_kernel")
        self.own_bias = self.add_weight((self.scenarios, h), "zeros", name="own_bias")

    def call(self, x: Any, scenario: Any) -> Any:
        y = side_by_side(x, self.own_kernel * self.kernel)  # [S, B, h]
        return self.activation(own(y + (self.own_bias + self.bias)[:, None, :], scenario))


class PartitionedNorm(keras.layers.Layer):
    """(gamma * gamma_p) (z - m_p) / sqrt(v_p + eps) + (beta + beta_p), for a row of scenario p.

    Input: ``z [B, d]``, ``scenario [B]``. Output: ``[B, d]``.

    In training m_p and v_p are mean and variance of the batch's rows of scenario p; at
    inference they are moving averages of those, so that a row does not depend on its batch. A
    scenario that is absent from a batch keeps its averages.

    Args:
        scenarios: S.
        momentum: of the moving averages.
    """

    def __init__(self, scenarios: int, momentum: float = 0.95) -> None:
        super().__init__()
        self.scenarios, self.momentum = scenarios, momentum

    def build(self, shape: tuple[int, ...], *_: Any) -> None:
        d = shape[-1]
        self.gamma = self.add_weight((d,), "ones", name="gamma")
        self.beta = self.add_weight((d,), "zeros", name="beta")
        each = (self.scenarios, d)
        self.own_gamma = self.add_weight(each, "ones", name="own_gamma")
        self.own_beta = self.add_weight(each, "zeros", name="own_beta")
        self.mean = self.add_weight(each, "zeros", trainable=False, name="mean")
        self.variance = self.add_weight(each, "ones", trainable=False, name="variance")

    def call(self, z: Any, scenario: Any, training: bool = False) -> Any:
        mean, variance = self._of_batch(z, scenario) if training else (self.mean, self.variance)
        centred = z - ops.take(mean, scenario, axis=0)
        scaled = centred / ops.sqrt(ops.take(variance, scenario, axis=0) + EPSILON)
        gamma, beta = self.own_gamma * self.gamma, self.own_beta + self.beta
        return ops.take(gamma, scenario, axis=0) * scaled + ops.take(beta, scenario, axis=0)

    def _of_batch(self, z: Any, scenario: Any) -> tuple[Any, Any]:
        """Mean and variance of each scenario's rows, ``[S, d]``; moves the averages."""
        rows = ops.transpose(ops.one_hot(scenario, self.scenarios, dtype=z.dtype))  # [S, B]
        count = ops.sum(rows, axis=1, keepdims=True)
        mean = ops.matmul(rows, z) / ops.maximum(count, 1.0)
        off = ops.square(z - ops.take(mean, scenario, axis=0))
        variance = ops.matmul(rows, off) / ops.maximum(count, 1.0)
        step = (1.0 - self.momentum) * ops.cast(count > 0, z.dtype)
        self.mean.assign(self.mean + step * (ops.stop_gradient(mean) - self.mean))
        self.variance.assign(self.variance + step * (ops.stop_gradient(variance) - self.variance))
        return mean, variance
