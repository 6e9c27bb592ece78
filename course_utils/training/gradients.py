"""Which weights several tasks share, and how their gradients on them relate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.models.network import Network

PROBE_ROWS = 64


def shared_weights(network: Network) -> list[np.ndarray]:
    """For each trainable weight, bool: do several tasks reach it? Shapes broadcast to the weight.

    Found by trying, on random rows, so that no network has to say it. Layers that lie side by
    side in one array are judged each for itself: of ESMM's towers both losses train the
    click's, and one the conversion's.
    """
    draw = np.random.default_rng(0)
    limits = np.repeat(network.columns.sizes, network.columns.places)
    codes = draw.integers(limits, size=(PROBE_ROWS, len(limits))).astype("int32")
    numbers = draw.normal(size=(PROBE_ROWS, len(network.columns.numbers))).astype("float32")
    scenario = draw.integers(len(network.columns.scenarios), size=PROBE_ROWS).astype("int32")
    labels = draw.integers(2, size=(len(network.tasks), PROBE_ROWS)).astype("float32")
    with tf.GradientTape(persistent=True) as tape:
        predicted = network((codes, numbers, scenario))
        losses = network.task_losses(predicted, tf.constant(labels), tf.ones_like(labels))
        each = tf.unstack(losses)
    reached = [np.zeros(weight.shape, int) for weight in network.trainable_variables]
    for loss in each:
        gradients = task_gradient(tape, loss, network.trainable_variables)
        for count, gradient in zip(reached, gradients, strict=True):
            count += gradient.numpy() != 0
    return [_several(count) for count in reached]


def _several(count: np.ndarray) -> np.ndarray:
    """Is a number above 1 in it: of three dimensions, in each slice along the first."""
    if count.ndim == 3:
        return np.asarray((count > 1).any(axis=(1, 2), keepdims=True))
    return np.asarray((count > 1).any())


def only_shared(shared: Sequence[np.ndarray], gradients: Sequence[Any]) -> list[Any]:
    """The gradients on weights that several tasks reach, 0 on other parts of their arrays."""
    pairs = zip(shared, gradients, strict=True)
    return [
        one if is_shared.all() else one * is_shared for is_shared, one in pairs if is_shared.any()
    ]


def combined(shared: np.ndarray, weights: Any, gradients: Sequence[Any]) -> Any:
    """sum_k w_k g_k where several tasks reach the weight, elsewhere the plain sum."""
    plain = tf.add_n(list(gradients))
    if not shared.any():
        return plain
    weighted = tf.add_n([weights[k] * one for k, one in enumerate(gradients)])
    return weighted if shared.all() else tf.where(shared, weighted, plain)


def task_gradient(tape: Any, loss: Any, weights: Sequence[Any]) -> list[Any]:
    """Dense gradients of a loss; 0 where it does not depend on a weight."""
    gradients = tape.gradient(loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def gramian(per_task: Sequence[Sequence[Any]]) -> Any:
    """J J^T ``[K, K]`` from each task's gradients, one tensor a weight.

    Weight by weight, so that the gradients never have to be copied into one matrix J.
    """
    total = tf.zeros((len(per_task), len(per_task)))
    for gradients in zip(*per_task, strict=True):
        rows = tf.stack([tf.reshape(gradient, (-1,)) for gradient in gradients])
        total += tf.matmul(rows, rows, transpose_b=True)
    return total
