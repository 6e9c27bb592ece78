"""Which weights several tasks share, and how their gradients on them relate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.errors import CourseError
from course_utils.layers import Embed
from course_utils.models.network import Network, Part


def shared_weights(network: Network) -> list[np.ndarray]:
    """For each trainable weight, bool: do several tasks train it? Shapes broadcast to the weight.

    As the network says it (``Network.shared``). Of layers that lie side by side in one array
    it may name some: of ESMM's towers both losses train the click's, and one the conversion's.

    Raises:
        CourseError: if the network does not say it.
    """
    said = {} if len(network.tasks) == 1 else dict(_masks(network.shared()))
    return [said.get(id(weight), np.array(False)) for weight in network.trainable_variables]


def _masks(parts: Sequence[Part]) -> list[tuple[int, np.ndarray]]:
    """The id of each weight of the parts, and where it is shared."""
    found = []
    for part in parts:
        layer, at = part if isinstance(part, tuple) else (part, None)
        for weight in getattr(layer, "trainable_variables", [layer]):
            if at is None:
                mask = np.array(True)
            else:
                mask = np.isin(np.arange(weight.shape[0]), at)
                mask = mask.reshape(-1, *[1] * (len(weight.shape) - 1))
            found.append((id(weight), mask))
    return found


def last_shared_matrix(network: Network) -> tuple[Any, np.ndarray]:
    """The matrix of the last layer that all tasks share, and where it is shared, as above.

    Raises:
        CourseError: if there is none, or the network does not say it.
    """
    part = network.last_shared() if len(network.tasks) > 1 else None
    layer, at = part if isinstance(part, tuple) else (part, None)
    matrix = getattr(layer, "table" if isinstance(layer, Embed) else "kernel", None)
    if matrix is None:
        raise CourseError(
            "GradNorm looks at a matrix that several tasks share, and "
            f"{type(network).__name__} with tasks {', '.join(network.tasks)} has none."
        )
    ((_, mask),) = _masks([matrix if at is None else (matrix, at)])
    return matrix, mask


def on_shared(shared: Sequence[np.ndarray], per_task: Sequence[Sequence[Any]]) -> list[Any]:
    """``[K, ...]`` for each weight that several tasks reach: their gradients, 0 elsewhere."""
    pairs = zip(shared, zip(*per_task, strict=True), strict=True)
    return [
        tf.stack(each) if is_shared.all() else tf.stack(each) * is_shared
        for is_shared, each in pairs
        if is_shared.any()
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


def gramian(n_tasks: int, per_weight: Iterable[Any]) -> Any:
    """J J^T ``[K, K]`` from the tasks' gradients on each weight, ``[K, ...]``.

    Weight by weight, so that the gradients never have to be copied into one matrix J.
    """
    total = tf.zeros((n_tasks, n_tasks))
    for gradients in per_weight:
        rows = tf.reshape(gradients, (n_tasks, -1))
        # Few and long: K products with a vector take a third of the time of one with a matrix.
        total += tf.stack([tf.linalg.matvec(rows, row) for row in tf.unstack(rows)])
    return total
