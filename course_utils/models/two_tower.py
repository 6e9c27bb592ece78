"""Two towers: one network for users, one for products, and a dot product between them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from course_utils.backend import keras, tf
from course_utils.errors import CourseError

UNKNOWN = 0
"""The id of a stranger. No purchase trains it, so it stays near zero, where it began."""

FORBIDDEN = -1e9
"""The logit of a column that is no negative: its chance in the softmax is 0."""


@dataclass(frozen=True)
class Side:
    """What is known of all users, or of all products, one row each.

    Attributes:
        categories: ``[n, C]`` int32; column 0 is the id, from 1 on, or ``UNKNOWN``.
        sizes: how many values each column has, C numbers.
        numbers: ``[n, D]`` float32; D may be 0.

    Raises:
        CourseError: if the rows are not as many, or a category is out of range.
    """

    categories: np.ndarray
    sizes: tuple[int, ...]
    numbers: np.ndarray

    def __post_init__(self) -> None:
        if len(self.categories) != len(self.numbers):
            raise CourseError(
                f"A side needs one row each: got {len(self.categories)} rows of categories and "
                f"{len(self.numbers)} of numbers."
            )
        if (self.categories < 0).any() or (self.categories >= np.array(self.sizes)).any():
            raise CourseError(
                f"The categories of a side must lie from 0 to below {self.sizes}, and some do not."
            )

    def as_unseen(self) -> Side:
        """The same rows without their ids: only the features are left."""
        categories = self.categories.copy()
        categories[:, 0] = UNKNOWN
        return Side(categories, self.sizes, self.numbers)


def make_side(frame: pd.DataFrame, categorical: Sequence[str], numeric: Sequence[str]) -> Side:
    """A side from a frame with one row a user, or a product: ids 1, 2, 3, ... and its columns.

    Args:
        frame: its ``categorical`` columns must be of pandas' categorical type, none missing.
    """
    codes = [frame[column].cat.codes.to_numpy() for column in categorical]
    values = [len(frame[column].cat.categories) for column in categorical]
    return Side(
        categories=np.stack([np.arange(1, len(frame) + 1), *codes], axis=1).astype("int32"),
        sizes=(len(frame) + 1, *values),
        numbers=frame[list(numeric)].to_numpy("float32"),
    )


class Tower(keras.Model):
    """Embeddings of the categories, and the numbers, through an MLP: one vector a row.

    The hidden layer is tanh, as in the first two towers (Huang et al., Learning Deep Structured
    Semantic Models for Web Search using Clickthrough Data, CIKM 2013). Without a hidden layer the
    vector is linear in what is read; of ids alone that is matrix factorisation.

    Input: ``(categories [B, C] int, numbers [B, D] float)``. Output: ``[B, dim]``.
    """

    def __init__(
        self, sizes: Sequence[int], n_numbers: int, embedding_dim: int, hidden: int, dim: int
    ) -> None:
        super().__init__()
        # One table for all columns: column c owns the rows from offsets[c] on.
        self.offsets = np.cumsum([0, *sizes[:-1]]).astype("int32")
        self.embedding = keras.layers.Embedding(sum(sizes), embedding_dim)
        self.width = len(sizes) * embedding_dim
        # Not relu: of a change of 1e-7 in each weight, as between two CPUs, its kinks make up to
        # .004 of recall within two epochs of lesson 10; with tanh four decimals stay.
        self.hidden = keras.layers.Dense(hidden, "tanh") if hidden else None
        self.out = keras.layers.Dense(dim)
        # Weights are made here, without a first batch.
        self.embedding.build()
        if self.hidden is not None:
            self.hidden.build((None, self.width + n_numbers))
        self.out.build((None, hidden or self.width + n_numbers))
        self.built = True

    def call(self, inputs: tuple[Any, Any]) -> Any:
        categories, numbers = inputs
        flat = keras.ops.reshape(self.embedding(categories + self.offsets), (-1, self.width))
        read = keras.ops.concatenate([flat, numbers], axis=1)
        return self.out(read if self.hidden is None else self.hidden(read))


class TwoTower:
    """Trains both towers by a softmax over the products of the batch.

    For a batch of purchases (u_i, p_i), with towers x and y,

        loss = - mean_i log softmax_j(x(u_i) . y(p_j) - strength log q_j)[i]

    over i itself and the j with another product; q_j is the share of purchases that were p_j.
    With ``strength`` 0 a product is a negative as often as it is bought, so the famous are
    pushed down; 1 takes that out: the logQ correction (Yi et al., Sampling-Bias-Corrected
    Neural Modeling for Large Corpus Item Recommendations, RecSys 2019).

    One graph serves any number of fits on sides of the same sizes: with other rows, seeds,
    learning rates and strengths.

    Args:
        users, products: give the sizes; ``fit`` takes the rows.
        dim: length of a vector; embedding_dim, hidden: of both towers; hidden 0 is no such layer.
        batch_size: purchases a step; what does not fill a batch is left out of the epoch.
    """

    def __init__(
        self,
        users: Side,
        products: Side,
        dim: int = 16,
        embedding_dim: int = 16,
        hidden: int = 32,
        batch_size: int = 256,
    ) -> None:
        self._shapes = [
            (one.sizes, one.numbers.shape[1], embedding_dim, hidden, dim)
            for one in (users, products)
        ]
        self.batch_size = batch_size
        self.towers = [Tower(*shape) for shape in self._shapes]
        self._weights = [w for tower in self.towers for w in tower.trainable_variables]
        self.optimizer = keras.optimizers.Adam()
        self.optimizer.build(self._weights)
        self._epoch = tf.function(self._one_epoch, jit_compile=False, reduce_retracing=True)

    def fit(
        self,
        pairs: np.ndarray,
        users: Side,
        products: Side,
        *,
        seed: int,
        stops: Sequence[int],
        learning_rate: float,
        strength: float,
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Train from fresh weights; the seed fixes them and the order of the purchases.

        Args:
            pairs: ``[n, 2]``, row numbers of user and product of each purchase.
            stops: after how many epochs the vectors are taken, rising; the last one ends the
                training. 0 is before the first epoch.
            strength: of the correction, 0 or 1.

        Raises:
            CourseError: if the stops do not rise.

        Returns:
            For each stop the vectors of all users, ``[users, dim]``, and of all products; their
            dot products are the scores.
        """
        if not stops or stops[0] < 0 or any(a >= b for a, b in pairwise(stops)):
            raise CourseError(f"stops must rise from 0 or more, like [2, 6, 8], got {stops!r}.")
        for tower, fresh in zip(self.towers, self._fresh_weights(seed), strict=True):
            tower.set_weights(fresh)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(learning_rate)
        counts = np.bincount(pairs[:, 1], minlength=len(products.numbers))
        # A product that nobody bought is in no batch; its logarithm is never asked for.
        log_q = tf.constant(np.log(np.maximum(counts, 1) / counts.sum()), tf.float32)
        tables = [tuple(map(tf.constant, _tables(side))) for side in (users, products)]
        order = np.random.Generator(np.random.PCG64(seed))
        size = min(self.batch_size, len(pairs))
        taken = []
        for begin, end in pairwise([0, *stops]):
            for _ in range(begin, end):
                shuffled = pairs[order.permutation(len(pairs))[: len(pairs) // size * size]]
                batches = tf.constant(shuffled.reshape(-1, size, 2), tf.int32)
                self._epoch(batches, tf.constant(strength, tf.float32), *tables, log_q)
            taken.append((self.user_vectors(users), self.product_vectors(products)))
        return taken

    def user_vectors(self, users: Side) -> np.ndarray:
        """``[n, dim]``, also of the unseen."""
        return self.towers[0](_tables(users)).numpy()

    def product_vectors(self, products: Side) -> np.ndarray:
        """``[n, dim]``, also of the unseen."""
        return self.towers[1](_tables(products)).numpy()

    def _one_epoch(
        self, batches: Any, strength: Any, users: Any, products: Any, log_q: Any
    ) -> None:
        """One step per row of ``batches [steps, B, 2]``."""
        for batch in batches:  # a loop inside the graph, not in Python
            who, what = batch[:, 0], batch[:, 1]
            same = what[None, :] == what[:, None]
            repeated = same & ~tf.eye(tf.shape(same)[0], dtype=tf.bool)
            with tf.GradientTape() as tape:
                x = self.towers[0]([tf.gather(table, who) for table in users])
                y = self.towers[1]([tf.gather(table, what) for table in products])
                logits = tf.matmul(x, y, transpose_b=True) - strength * tf.gather(log_q, what)
                logits = tf.where(repeated, FORBIDDEN, logits)
                own = tf.linalg.diag_part(logits)
                loss = tf.reduce_mean(tf.reduce_logsumexp(logits, axis=1) - own)
            # Dense: where a row of an embedding occurs several times in a batch, Keras 3.15's
            # Adam would add the squares of its gradients instead of squaring their sum.
            gradients = map(tf.convert_to_tensor, tape.gradient(loss, self._weights))
            self.optimizer.apply_gradients(zip(gradients, self._weights, strict=True))

    def _fresh_weights(self, seed: int) -> list[list[np.ndarray]]:
        """The weights of new towers; Keras seeds its initialisers from Python's generator."""
        before = random.getstate()
        random.seed(seed)
        try:
            return [Tower(*shape).get_weights() for shape in self._shapes]
        finally:
            random.setstate(before)


def _tables(side: Side) -> tuple[np.ndarray, np.ndarray]:
    return side.categories, side.numbers
