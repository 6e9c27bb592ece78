"""BERT's encoder in Keras (Devlin et al. 2019): embeddings, blocks of attention, one vector.

A block, with post-normalisation as in Vaswani et al. 2017:

    h = LayerNorm(x + Attention(x)),   out = LayerNorm(h + W2 gelu(W1 h))

    Attention(x) = Wo concat_heads(softmax(Q K' / sqrt(width of a head) + mask) V)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.errors import CourseError

ops = keras.ops

EPSILON = 1e-12
NOT_SEEN = -1e9
"""Added to the score of padding, before the softmax."""


class Attention(keras.layers.Layer):
    """Every token looks at every token of its text.

    Call: ``x [n, t, d]``, ``mask [n, t]`` of 1 and 0 -> ``[n, t, d]``.
    """

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self.heads, self.each = heads, width // heads
        self.query, self.key = keras.layers.Dense(width), keras.layers.Dense(width)
        self.value, self.out = keras.layers.Dense(width), keras.layers.Dense(width)

    def _apart(self, x: Any) -> Any:
        """``[n, t, d]`` -> ``[n, heads, t, d / heads]``."""
        apart = ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.each))
        return ops.transpose(apart, (0, 2, 1, 3))

    def call(self, x: Any, mask: Any) -> Any:
        query, key, value = (self._apart(one(x)) for one in (self.query, self.key, self.value))
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / np.sqrt(self.each)
        shares = ops.softmax(scores + NOT_SEEN * (1.0 - mask[:, None, None, :]), axis=-1)
        mixed = ops.transpose(ops.matmul(shares, value), (0, 2, 1, 3))
        return self.out(ops.reshape(mixed, (-1, ops.shape(x)[1], self.heads * self.each)))


class Block(keras.layers.Layer):
    """Attention and two layers, each with a residual and a normalisation after it."""

    def __init__(self, heads: int, width: int, inner: int) -> None:
        super().__init__()
        self.attention = Attention(heads, width)
        self.first = keras.layers.LayerNormalization(epsilon=EPSILON)
        self.wide, self.narrow = keras.layers.Dense(inner), keras.layers.Dense(width)
        self.second = keras.layers.LayerNormalization(epsilon=EPSILON)

    def call(self, x: Any, mask: Any) -> Any:
        seen = self.first(x + self.attention(x, mask))
        inner = ops.gelu(self.wide(seen), approximate=False)
        return self.second(seen + self.narrow(inner))


class Encoder(keras.Model):
    """Tokens to one vector of length 1 a text: the mean over its tokens, padding left out.

    Call: ``codes [n, t]`` whole numbers, ``mask [n, t]`` -> ``[n, d]``.

    Args:
        weights: of the checkpoint, by BERT's names; they set every size but ``heads``.

    Raises:
        CourseError: if a weight is missing.
    """

    def __init__(self, weights: Mapping[str, np.ndarray], heads: int) -> None:
        super().__init__()
        table = _of(weights, "embeddings.word_embeddings.weight")
        places = _of(weights, "embeddings.position_embeddings.weight")
        inner = len(_of(weights, "encoder.layer.0.intermediate.dense.bias"))
        count = 1 + max(int(name.split(".")[2]) for name in weights if ".layer." in name)
        self.words = keras.layers.Embedding(*table.shape)
        self.places = keras.layers.Embedding(*places.shape)
        self.kind = keras.layers.Embedding(2, table.shape[1])
        self.norm = keras.layers.LayerNormalization(epsilon=EPSILON)
        self.blocks = [Block(heads, table.shape[1], inner) for _ in range(count)]
        self(np.zeros((1, 2), "int32"), np.ones((1, 2), "float32"))
        self._put_in(weights)

    def call(self, codes: Any, mask: Any) -> Any:
        place = ops.arange(ops.shape(codes)[1])[None, :]
        x = self.norm(self.words(codes) + self.places(place) + self.kind(ops.zeros_like(place)))
        for block in self.blocks:
            x = block(x, mask)
        counted = mask[:, :, None]
        mean = ops.sum(x * counted, axis=1) / ops.maximum(ops.sum(counted, axis=1), 1.0)
        return mean / ops.maximum(ops.norm(mean, axis=1, keepdims=True), EPSILON)

    def _put_in(self, weights: Mapping[str, np.ndarray]) -> None:
        """A layer's matrix is stored with its outputs first; Keras has its inputs first."""

        def dense(layer: Any, name: str) -> None:
            layer.set_weights([_of(weights, f"{name}.weight").T, _of(weights, f"{name}.bias")])

        def norm(layer: Any, name: str) -> None:
            layer.set_weights([_of(weights, f"{name}.weight"), _of(weights, f"{name}.bias")])

        self.words.set_weights([_of(weights, "embeddings.word_embeddings.weight")])
        self.places.set_weights([_of(weights, "embeddings.position_embeddings.weight")])
        self.kind.set_weights([_of(weights, "embeddings.token_type_embeddings.weight")])
        norm(self.norm, "embeddings.LayerNorm")
        for number, block in enumerate(self.blocks):
            at, own = f"encoder.layer.{number}", block.attention
            dense(own.query, f"{at}.attention.self.query")
            dense(own.key, f"{at}.attention.self.key")
            dense(own.value, f"{at}.attention.self.value")
            dense(own.out, f"{at}.attention.output.dense")
            norm(block.first, f"{at}.attention.output.LayerNorm")
            dense(block.wide, f"{at}.intermediate.dense")
            dense(block.narrow, f"{at}.output.dense")
            norm(block.second, f"{at}.output.LayerNorm")


def _of(weights: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    if name not in weights:
        raise CourseError(f"The checkpoint has no weight {name}: it is not of BERT's kind.")
    return weights[name]
