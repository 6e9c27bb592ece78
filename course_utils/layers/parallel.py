"""Several dense layers side by side: experts, gates, towers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.layers.container import Container
from course_utils.layers.dropout import Dropout

ops = keras.ops


def side_by_side(x: Any, kernels: Any) -> Any:
    """x W_i for all i, as one product with the kernels side by side: faster than n products.

    Args:
        x: ``[B, d]``.
        kernels: ``[n, d, h]``.

    Returns:
        ``[n, B, h]``.
    """
    n, d, h = kernels.shape
    wide = ops.reshape(ops.transpose(kernels, (1, 0, 2)), (d, n * h))
    return ops.transpose(ops.reshape(ops.matmul(x, wide), (-1, n, h)), (1, 0, 2))


class ParallelDense(keras.layers.Layer):
    """y_i = a(x_i W_i + b_i) for i = 1 ... n, in one contraction instead of n layers.

    Input: ``[B, d]``, the same for all, or ``[n, B, d]``, one each. Output: ``[n, B, h]``.

    Each W_i is drawn for itself, Glorot uniform from d and h. Layers that start equal learn
    nearly the same thing; and for one array Keras would draw too small, with n in the fan-in.

    Args:
        n: how many layers.
        units: h.
        activation: a, as in ``keras.layers.Dense``.
        bias: False for b_i = 0, as in the gates of most papers.
    """

    def __init__(
        self, n: int, units: int, activation: str | None = None, bias: bool = True
    ) -> None:
        super().__init__()
        self.n, self.units, self.has_bias = n, units, bias
        self.activation = keras.activations.get(activation)

    def build(self, shape: tuple[int, ...]) -> None:
        def each(kernel: tuple[int, ...], dtype: Any) -> Any:
            draws = [keras.initializers.GlorotUniform() for _ in range(self.n)]
            return ops.stack([draw(kernel[1:], dtype) for draw in draws])

        self.kernel = self.add_weight((self.n, shape[-1], self.units), each, name="kernel")
        if self.has_bias:
            self.bias = self.add_weight((self.n, 1, self.units), "zeros", name="bias")

    def call(self, x: Any) -> Any:
        y = side_by_side(x, self.kernel) if len(x.shape) == 2 else ops.matmul(x, self.kernel)
        return self.activation(y + self.bias if self.has_bias else y)


class ParallelNorm(keras.layers.Layer):
    """Layer normalisation, x to gamma_i (x - mean) / sqrt(variance + 1e-5) + beta_i.

    Mean and variance are those of a row's h units. Input and output: ``[n, B, h]``; each of
    the n has a scale and a shift of its own.
    """

    def build(self, shape: tuple[int, ...]) -> None:
        self.gamma = self.add_weight((shape[0], 1, shape[-1]), "ones", name="gamma")
        self.beta = self.add_weight((shape[0], 1, shape[-1]), "zeros", name="beta")

    def call(self, x: Any) -> Any:
        mean, variance = ops.moments(x, axes=-1, keepdims=True)
        return self.gamma * (x - mean) / ops.sqrt(variance + 1e-5) + self.beta


class ParallelMLP(Container):
    """n networks of ReLU layers side by side.

    Input: ``[B, d]``, the same for all, or ``[n, B, d]``, one each. Output: ``[n, B, h]``;
    with no layer, the input, n times if it is the same for all.

    Args:
        n: how many networks.
        widths: of their layers.
        drop: the network's dropout, after each ReLU.
        norm: a layer normalisation before each ReLU.
    """

    def __init__(self, n: int, widths: Sequence[int], drop: Dropout, norm: bool = False) -> None:
        super().__init__()
        self.n = n
        self.layers = [ParallelDense(n, units, None if norm else "relu") for units in widths]
        self.norms, self.drop = [ParallelNorm() for _ in widths if norm], drop

    def call(self, x: Any, training: bool = False) -> Any:
        for at, layer in enumerate(self.layers):
            x = layer(x)
            if self.norms:
                x = ops.relu(self.norms[at](x))
            x = self.drop(x, training)
        return x if len(x.shape) == 3 else ops.repeat(x[None], self.n, axis=0)


def mix(gates: Any, experts: Any) -> Any:
    """sum_i g_ki f_i: the experts' outputs, weighted by each gate.

    Args:
        gates: ``[K, B, n]``, each row of n sums to 1.
        experts: ``[n, B, h]``, or ``[K, n, B, h]`` where each gate has a copy of its own.

    Returns:
        ``[K, B, h]``.
    """
    if len(experts.shape) == 4:
        return ops.sum(ops.transpose(gates, (0, 2, 1))[..., None] * experts, axis=1)
    rows = ops.matmul(ops.transpose(gates, (1, 0, 2)), ops.transpose(experts, (1, 0, 2)))
    return ops.transpose(rows, (1, 0, 2))  # from [B, K, h]
