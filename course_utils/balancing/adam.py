"""Adam for a method's own weights, apart from the network's optimizer."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras, tf


class Adam:
    """Keras' Adam on one variable, set back before each run without a new graph."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.optimizer: Any = None

    def reset(self, variable: Any) -> None:
        """Forget the moments; ``variable`` is the same at every call."""
        if self.optimizer is None:
            self.variable = variable
            self.optimizer = keras.optimizers.Adam(self.learning_rate, epsilon=1e-8)
            self.optimizer.build([variable])
        for slot in self.optimizer.variables:
            slot.assign(tf.zeros_like(slot))
        self.optimizer.learning_rate.assign(self.learning_rate)

    def step(self, gradient: Any) -> None:
        """One step down ``gradient``, which has the variable's shape."""
        self.optimizer.apply_gradients([(gradient, self.variable)])
