"""Which weights several tasks share, and how their gradients on them relate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.models.network import Network

PROBE_ROWS = 64


def shared_weights(network: Network) -> list[bool]:
    """For each trainable weight: does one of its numbers get a gradient from several tasks?

    Found by trying, on random rows, so that no network has to say it. Towers of all tasks may
    lie in one array; a task reaches its own slice only, so they do not count as shared.
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
    return [bool((count > 1).any()) for count in reached]


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
