"""Weights of a scenario's own."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras

ops = keras.ops


def own(outputs: Any, scenario: Any) -> Any:
    """Picks for each row the output of its own scenario, at S times the cost of one layer.

    Every row goes through every scenario's weights, and its own output is picked: rows stay
    in their order, and a row does not depend on which others are in the batch. Splitting the
    batch by scenario and joining the pieces would lose the order.

    Args:
        outputs: ``[S, B, h]``.
        scenario: ``[B]`` int, 0 to S - 1.

    Returns:
        ``[B, h]``.
    """
    mine = ops.transpose(ops.one_hot(scenario, outputs.shape[0], dtype=outputs.dtype))  # [S, B]
    return ops.sum(outputs * mine[:, :, None], axis=0)
