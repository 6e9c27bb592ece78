"""PEPNet's gate: how much of each input counts, between 0 and 2."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras
from course_utils.layers.container import Container
from course_utils.layers.parallel import ParallelDense

GAMMA = 2.0
"""A gate of 1 changes nothing; one that ended at 1 could only shrink."""


class GateNU(Container):
    """d = 2 sigmoid(W' relu(W z + b) + b').

    Input: ``[B, c]``. Output: ``[n, B, width]``, n gates.

    Args:
        n: how many gates share the hidden layer.
        width: of a gate, and of the hidden layer.
    """

    def __init__(self, n: int, width: int) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(width, "relu")
        self.gates = ParallelDense(n, width, "sigmoid")

    def call(self, z: Any) -> Any:
        return GAMMA * self.gates(self.hidden(z))
