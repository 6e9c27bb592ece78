"""Shared-Bottom: one body for all tasks, one small tower for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import keras


class SharedBottom(keras.Model):  # type: ignore[name-defined]
    """y_k = sigmoid(h_k(f(x))), with one f for all tasks k.

    x = embeddings of the categorical columns, then the numeric columns; f = the trunk, an
    MLP; h_k = the tower of task k, a smaller MLP. With one task it is the single-task twin.

    Input: ``(categories [B, C] int, numbers [B, D] float)``. Output: ``{task: [B]}``.

    Paper: Caruana, Multitask Learning, Machine Learning 28, 1997,
    https://doi.org/10.1023/A:1007379606734

    Args:
        sizes: how many values each of the C categorical columns has.
        n_numbers: D.
        tasks: their names.
        embedding_dim: E, the length of an embedding.
        trunk: widths of the shared layers.
        tower: widths of each task's own layers, before its sigmoid.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        n_numbers: int,
        tasks: Sequence[str],
        embedding_dim: int = 8,
        trunk: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
    ) -> None:
        super().__init__()
        self.tasks = tuple(tasks)
        # One table for all columns: column c owns the rows from offsets[c] on.
        self.offsets = np.cumsum([0, *sizes[:-1]]).astype("int32")
        self.embedding = keras.layers.Embedding(sum(sizes), embedding_dim)
        self.width = len(sizes) * embedding_dim
        self.trunk = [keras.layers.Dense(units, "relu") for units in trunk]
        self.towers = {
            task: [keras.layers.Dense(units, "relu") for units in tower]
            + [keras.layers.Dense(1, "sigmoid")]
            for task in self.tasks
        }
        # Weights are made here, without a first batch.
        self.embedding.build()
        for layers in self.towers.values():
            width = self.width + n_numbers
            for layer in [*self.trunk, *layers]:
                if not layer.built:
                    layer.build((None, width))
                width = layer.units
        self.built = True

    def call(self, inputs: tuple[Any, Any]) -> dict[str, Any]:
        categories, numbers = inputs
        embedded = self.embedding(categories + self.offsets)  # [B, C, E]
        flat = keras.ops.reshape(embedded, (-1, self.width))  # [B, C * E]
        shared = _through(self.trunk, keras.ops.concatenate([flat, numbers], axis=1))
        return {task: _through(tower, shared)[:, 0] for task, tower in self.towers.items()}


def _through(layers: list[Any], x: Any) -> Any:
    for layer in layers:
        x = layer(x)
    return x
