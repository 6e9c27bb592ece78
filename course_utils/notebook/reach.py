"""Who trains which weight of a network: found from gradients, not from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.models import Network
from course_utils.notebook.parts import Piece

ROWS = 256
NONE = 1e-5
"""Of the largest gradient that a weight gets from a task: what is below is rounding. AITM
divides by what its loss multiplies with again."""


class Reach:
    """Which tasks' losses, and which scenarios' rows, train which weights.

    The gradients are those of random weights on random rows, so that the answer depends on the
    architecture alone. The network gets its own weights back.
    """

    def __init__(self, network: Network) -> None:
        self.names, self.scenarios = network.tasks, len(network.columns.scenarios)
        before, rate = [weight.numpy() for weight in network.weights], network.drop.rate
        try:
            network.drop.rate = 0.0
            found = _gradients(network)
        finally:
            network.drop.rate = rate
            for weight, value in zip(network.weights, before, strict=True):
                weight.assign(value)
        self._by: dict[int, np.ndarray] = {
            id(weight): np.greater(each, NONE * each.max())
            for weight, each in zip(network.trainable_variables, found, strict=True)
        }

    def _each(self, pieces: Sequence[Piece]) -> list[np.ndarray]:
        """For each piece bool ``[1 or 2, K, ...]``: the first scenario's rows, the others'."""
        return [
            np.array([[one[index] for one in side] for side in self._by[id(weight)]])
            for weight, index in pieces
        ]

    def tasks(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """The tasks whose losses train some of these weights."""
        trained = np.zeros(len(self.names), bool)
        for one in self._each(pieces):
            trained |= one.any(axis=(0, *range(2, one.ndim)))
        return tuple(name for name, yes in zip(self.names, trained, strict=True) if yes)

    def shared(self, pieces: Sequence[Piece]) -> bool:
        """Do several tasks train the same weight?"""
        return any((one.any(axis=0).sum(axis=0) > 1).any() for one in self._each(pieces))

    def by_scenario(self, pieces: Sequence[Piece]) -> bool:
        """Has each scenario weights of its own here, which no other scenario's rows train?"""
        return any(
            one.shape[2:3] == (self.scenarios,)
            and one[0, :, 0].any()
            and one[1, :, 1:].any()
            and not one[0, :, 1:].any()
            and not one[1, :, 0].any()
            for one in self._each(pieces)
            if len(one) > 1
        )


def _gradients(network: Network) -> list[np.ndarray]:
    """For each trainable weight its absolute gradients, ``[1 or 2, K, *shape]``."""
    draw = np.random.Generator(np.random.PCG64(0))
    for weight in network.trainable_variables:
        fan_in = weight.shape[-2] if len(weight.shape) > 1 else 1
        weight.assign(draw.normal(0.0, fan_in**-0.5, tuple(weight.shape)))
    columns, k = network.columns, len(network.tasks)
    limits = np.repeat(columns.sizes, columns.places)
    codes = draw.integers(limits, size=(ROWS, len(limits))).astype("int32")
    numbers = draw.normal(size=(ROWS, len(columns.numbers))).astype("float32")
    labels = tf.constant(draw.integers(2, size=(k, ROWS)), tf.float32)
    first = np.zeros(ROWS, "int32")
    others = draw.integers(1, max(len(columns.scenarios), 2), size=ROWS).astype("int32")
    sides = []
    for scenario in [first, others] if len(columns.scenarios) > 1 else [first]:
        with tf.GradientTape(persistent=True) as tape:
            # As in training: AITM's predictions are cut at 1 only afterwards.
            predicted = network((codes, numbers, scenario), training=True)
            losses: list[Any] = tf.unstack(
                network.task_losses(predicted, labels, tf.ones_like(labels))
            )
        weights = network.trainable_variables
        sides.append([_sizes(weights, tape.gradient(one, weights)) for one in losses])
    each_weight = zip(*(zip(*side, strict=True) for side in sides), strict=True)
    return [np.array(by_side) for by_side in each_weight]


def _sizes(weights: Sequence[Any], gradients: Sequence[Any]) -> list[np.ndarray]:
    """Absolute gradients; 0 where the loss does not depend on a weight."""
    return [
        np.zeros(tuple(weight.shape)) if one is None else np.abs(tf.convert_to_tensor(one))
        for weight, one in zip(weights, gradients, strict=True)
    ]
