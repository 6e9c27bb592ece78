"""M2M's meta unit: a network whose weights another network makes."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras
from course_utils.layers.container import Container

ops = keras.ops


class MetaUnit(Container):
    """h' = W h + b, with W = reshape(V s + v) and b = V' s + v' from a row's knowledge s.

    Input: ``h [..., B, m]``, ``s [B, k]``. Output: the shape of h.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.to_kernel = keras.layers.Dense(width * width)
        self.to_bias = keras.layers.Dense(width)

    def call(self, h: Any, s: Any) -> Any:
        kernel = ops.reshape(self.to_kernel(s), (-1, self.width, self.width))  # [B, m, m]
        return ops.einsum("bij,...bj->...bi", kernel, h) + self.to_bias(s)
