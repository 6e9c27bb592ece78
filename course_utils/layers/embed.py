"""All columns of a row as one vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.columns import Columns

ops = keras.ops


class Embed(keras.layers.Layer):
    """x = [e(c_1), ..., e(c_C), numbers], with e of a bag the mean of its known values.

    Input: codes ``[B, W]`` int and numbers ``[B, D]`` float. Output: ``[B, C * E + D]``.

    The tables of all columns lie in one, below each other, so that a batch is one look-up;
    column c owns the rows from ``firsts[c]`` on. The row of an unknown value, code 0, starts at
    zero: it adds nothing as long as no training row has an unknown value there. A value that
    ``Columns`` declares but training never saw is not unknown: it keeps the random vector that
    it starts with, and adds that.

    Args:
        columns: what the codes mean.
        dim: E, the length of an embedding.
    """

    def __init__(self, columns: Columns, dim: int) -> None:
        super().__init__()
        self.columns, self.dim = columns, dim
        self.firsts, self.ends = _firsts(columns), np.cumsum(np.array(columns.places, int))

    def build(self, *_: Any) -> None:
        self.built = True
        if not self.columns.sizes:
            return
        known = np.ones((sum(self.columns.sizes), 1), "float32")
        known[self.firsts] = 0.0
        uniform = keras.initializers.RandomUniform()
        self.table = self.add_weight(
            shape=(len(known), self.dim),
            initializer=lambda shape, dtype: uniform(shape, dtype) * known,
            name="table",
        )

    def call(self, codes: Any, numbers: Any) -> Any:
        if not self.columns.sizes:
            return ops.convert_to_tensor(numbers)
        vectors = ops.take(self.table, _rows(self.columns, codes), axis=0)  # [B, W, E]
        if self.columns.widths:
            vectors = self._pooled(codes, vectors)
        width = len(self.columns.sizes) * self.dim
        return ops.concatenate([ops.reshape(vectors, (-1, width)), numbers], axis=1)

    def _pooled(self, codes: Any, vectors: Any) -> Any:
        """``[B, C, E]``: each bag replaced by the mean of its known values, 0 if none is."""
        known = ops.cast(codes > 0, vectors.dtype)[:, :, None]
        pooled = []
        for name, end, places in zip(
            self.columns.vocabulary, self.ends, self.columns.places, strict=True
        ):
            one = vectors[:, end - places : end]
            if name in self.columns.widths:
                counted = known[:, end - places : end]
                total = ops.sum(one * counted, axis=1, keepdims=True)
                one = total / ops.maximum(ops.sum(counted, axis=1, keepdims=True), 1.0)
            pooled.append(one)
        return ops.concatenate(pooled, axis=1)

    def part(self, x: Any, names: Sequence[str]) -> Any:
        """``[B, len(names) * E]``: the embeddings of some columns, cut out of the output."""
        known = list(self.columns.vocabulary)
        starts = [known.index(name) * self.dim for name in names]
        return ops.concatenate([x[:, start : start + self.dim] for start in starts], axis=1)


def looked_up(columns: Columns, codes: Any) -> Any:
    """``[V]``: 1 for each row of the table that a batch looks up, else 0.

    Args:
        codes: ``[B, W]``.
    """
    rows = ops.reshape(_rows(columns, codes), (-1, 1))
    times = ops.scatter(rows, ops.ones_like(rows[:, 0], dtype="float32"), (sum(columns.sizes),))
    return ops.minimum(times, 1.0)


def _firsts(columns: Columns) -> np.ndarray:
    """``[C]``: where each column's rows begin."""
    return np.cumsum([0, *columns.sizes])[:-1].astype("int32")


def _rows(columns: Columns, codes: Any) -> Any:
    """``[B, W]``: the row of each code."""
    return codes + np.repeat(_firsts(columns), np.array(columns.places, int))
