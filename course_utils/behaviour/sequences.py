"""The next kind of product: a row of purchases a customer, and networks that read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.behaviour.attention import CausalBlock, TargetAttention
from course_utils.errors import CourseError

TEST, VALID = 4, 2
"""Of each customer's purchases the last ones, and those before them; earlier ones train."""


@dataclass(frozen=True)
class Rows:
    """One row a customer: what they bought, and what came after each purchase.

    Attributes:
        history: ``[n, steps]``, kinds from 1 on, the oldest first, 0 on the right.
        target: ``[n, steps]``, the kind that came next, from 0 on; 0 where there is none.
        there: ``[n, steps]``, 1.0 where there is a target.
    """

    history: np.ndarray
    target: np.ndarray
    there: np.ndarray


def rows_of(kinds: Sequence[np.ndarray], steps: int) -> Rows:
    """The training targets of each customer in one row, for networks that answer at every step.

    Args:
        kinds: of each customer the kinds bought, codes from 0 on, the oldest first.
        steps: longest history that a model reads.

    Raises:
        CourseError: if a customer has too few purchases for the three parts.
    """
    _long_enough(kinds)
    n = len(kinds)
    history, target = np.zeros((n, steps), dtype=np.int64), np.zeros((n, steps), dtype=np.int64)
    for row, one in enumerate(kinds):
        latest = np.asarray(one[: -TEST - VALID])[-steps - 1 :]
        history[row, : len(latest) - 1], target[row, : len(latest) - 1] = (
            latest[:-1] + 1,
            latest[1:],
        )
    return Rows(history, target, (history > 0).astype(float))


def windows_of(kinds: Sequence[np.ndarray], steps: int, part: str) -> tuple[np.ndarray, np.ndarray]:
    """For each target of a part what was bought before, ``[m, steps]``, and the target, ``[m]``.

    The windows of all parts are as long. In a row of one piece they would not be: its test targets
    stand at steps, and its longest histories have steps ago, that no training target has.

    Args:
        kinds, steps: as ``rows_of``; part: "train" (up to ``steps`` targets a customer), "valid"
            or "test".

    Returns:
        By customer and time, kinds as in ``Rows``.
    """
    _long_enough(kinds)
    ends = {"test": (0, TEST), "valid": (TEST, VALID), "train": (TEST + VALID, steps)}
    after, most = ends[part]
    pasts, targets = [], []
    for one in kinds:
        end = len(one) - after
        for at in range(max(end - most, 1), end):
            past = np.zeros(steps, dtype=np.int64)
            before = np.asarray(one[max(at - steps, 0) : at]) + 1
            past[: len(before)] = before
            pasts.append(past)
            targets.append(one[at])
    return np.stack(pasts), np.array(targets, dtype=np.int64)


def last_steps(history: np.ndarray) -> np.ndarray:
    """``[m]``, at which step of a window the latest purchase stands."""
    return np.asarray((history > 0).sum(axis=1) - 1)


def _long_enough(kinds: Sequence[np.ndarray]) -> None:
    for row, one in enumerate(kinds):
        if len(one) < TEST + VALID + 2:
            raise CourseError(f"Customer {row} has {len(one)} purchases, fewer than 8.")


class Sequential(keras.Model):
    """Logits of the next kind after each step, ``[n, steps, kinds]``, by the kinds' embeddings.

    Args:
        kinds: how many; steps: of a history; dim: of an embedding.
        attention: one ``CausalBlock`` with learnt positions (SASRec); else an LSTM.
    """

    def __init__(self, kinds: int, steps: int, dim: int, attention: bool) -> None:
        super().__init__()
        layers = keras.layers
        self.kind = layers.Embedding(kinds + 1, dim)
        self.place = layers.Embedding(steps, dim) if attention else None
        self.drop = layers.Dropout(0.2)
        self.block = CausalBlock(dim, 0.2) if attention else layers.LSTM(dim, return_sequences=True)
        self.last = layers.LayerNormalization()
        self.bias = self.add_weight(shape=(kinds,), initializer="zeros", name="bias")

    def call(self, history: Any, training: bool = False) -> Any:
        """Logits; ``history`` as in ``Rows``."""
        ops = keras.ops
        x, mask = self.kind(history), ops.not_equal(history, 0)
        if self.place is None:
            x = self.block(self.drop(x, training=training))
        else:
            x = x + self.place(ops.arange(ops.shape(history)[1]))
            x = self.block(self.drop(x, training=training), mask, training=training)
        return ops.matmul(self.last(x), ops.transpose(self.kind.embeddings[1:])) + self.bias


class Targeted(keras.Model):
    """A logit of each candidate, ``[n, k]``, by ``TargetAttention`` (DIN).

    Args:
        kinds: how many; steps: of a history; dim: of an embedding.
        places: whether a step knows how long ago it was: the paper's does not.
        normalised: as in ``TargetAttention``.
    """

    def __init__(
        self, kinds: int, steps: int, dim: int, places: bool, normalised: bool = False
    ) -> None:
        super().__init__()
        layers = keras.layers
        self.kind = layers.Embedding(kinds + 1, dim)
        self.ago = layers.Embedding(steps + 1, dim) if places else None
        self.attention = TargetAttention(8, normalised)
        self.inner, self.outer = layers.Dense(16, activation="relu"), layers.Dense(1)
        self.bias = layers.Embedding(kinds + 1, 1, embeddings_initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Logits.

        Args:
            inputs: histories ``[n, steps]`` as in ``Rows``, and candidates ``[n, k]``, kinds from
                1 on.
        """
        ops = keras.ops
        history, candidates = inputs
        there = ops.cast(ops.not_equal(history, 0), "int32")
        e, c = self.kind(history), self.kind(candidates)
        if self.ago is not None:
            # 1 for the latest, 2 for the one before; 0 where there is none.
            back = ops.sum(there, axis=1, keepdims=True) - ops.cumsum(there, axis=1) + 1
            e = e + self.ago(back * there)
        v = self.attention(c, e, there)
        x = ops.concatenate([v, c, v * c], axis=-1)
        return ops.squeeze(self.outer(self.inner(x)) + self.bias(candidates), -1)
