"""Texts to vectors, each text once: vectors are kept by model and by the text's hash."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import numpy as np

from course_utils import paths
from course_utils.backend import tf
from course_utils.encoder.bert import Encoder
from course_utils.encoder.pretrained import MINILM, Pretrained, Static, Tokens, Transformer, fetch
from course_utils.encoder.static import means
from course_utils.encoder.wordpiece import padded
from course_utils.errors import CourseError
from course_utils.training.bar import Bar

BATCH = 32
LENGTHS = (16, 32, 64, 128, 256)
"""Texts are padded to one of these: one graph each, and little padding."""


def load(model: Transformer = MINILM) -> Encoder:
    """The network with its pretrained weights, fetched first where they are not cached.

    Raises:
        DataError: as ``fetch`` does.
    """
    return _opened(model)[0]


@cache
def _opened(model: Transformer) -> tuple[Encoder, Tokens]:
    fetch(model)
    weights, tokens = model.read(*model.files)
    return Encoder(weights, model.heads), tokens


def encode(texts: Sequence[str], model: Pretrained = MINILM) -> np.ndarray:
    """``[n, model.width]``, float32, each row of length 1: cosines are inner products. (A static
    model's row of an empty text is zeros.)

    What was encoded once is read from ``.cache/vectors``; the rest is computed in batches of texts
    of like length.

    Raises:
        CourseError: if ``texts`` is one text, or holds what is no text.
        DataError: if the model has to be fetched and cannot be.
    """
    if isinstance(texts, str):
        raise CourseError("encode takes a list of texts, got one text: put it into a list.")
    wrong = [text for text in texts if not isinstance(text, str)]
    if wrong:
        raise CourseError(f"encode takes texts, got {wrong[0]!r} among them.")
    keys = [_key(text) for text in texts]
    known = _kept(model, set(keys))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known |= dict(zip(new, _computed([*new.values()], model), strict=True))
        _keep(model, {key: known[key] for key in new})
    return np.array([known[key] for key in keys], "float32").reshape(len(keys), model.width)


def _computed(texts: Sequence[str], model: Pretrained) -> np.ndarray:
    if isinstance(model, Static):
        return means(texts, *_table(model))
    assert isinstance(model, Transformer)
    graph, (_, tokens) = _graph(model), _opened(model)
    codes = [tokens(text, model.tokens) for text in texts]
    found = np.zeros((len(texts), model.width), "float32")
    order, bar = np.argsort([len(one) for one in codes], kind="stable"), Bar()
    for start in range(0, len(order), BATCH):
        bar.show(f"{start:,} of {len(order):,} texts", start / len(order))
        rows = order[start : start + BATCH]
        longest = max(len(codes[row]) for row in rows)
        length = next(one for one in LENGTHS if one >= longest)
        # A batch is filled up with its first text, so that its size is that of the graph.
        filled = [codes[row] for row in rows] + [codes[rows[0]]] * (BATCH - len(rows))
        found[rows] = graph(*padded(filled, length)).numpy()[: len(rows)]
    bar.close()
    return found


@cache
def _table(model: Static) -> tuple[np.ndarray, Callable[[str], list[int]]]:
    fetch(model)
    return model.read(*model.files)


@cache
def _graph(model: Transformer) -> tf.types.experimental.PolymorphicFunction:
    encoder = load(model)
    return tf.function(lambda codes, mask: encoder(codes, mask))


def _key(text: str) -> bytes:
    # A lone surrogate, as a broken file gives, has no UTF-8; it is a text all the same.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _store(model: Pretrained) -> Path:
    return paths.CACHE / "vectors" / f"{model.name}-{model.key}.sqlite"


def _kept(model: Pretrained, keys: set[bytes]) -> dict[bytes, np.ndarray]:
    """The vectors of those texts that were encoded before."""
    file = _store(model)
    if not file.exists():
        return {}
    try:
        with closing(sqlite3.connect(file)) as store:
            rows = store.execute("select key, vector from vectors").fetchall()
    except sqlite3.DatabaseError as error:
        raise CourseError(
            f"{file.name} in .cache/vectors is broken ({error}): delete it."
        ) from error
    return {key: np.frombuffer(vector, "<f4") for key, vector in rows if key in keys}


def _keep(model: Pretrained, vectors: dict[bytes, np.ndarray]) -> None:
    file = _store(model)
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=60)) as store, store:
        store.execute("create table if not exists vectors (key blob primary key, vector blob)")
        store.executemany(
            "insert or replace into vectors values (?, ?)",
            [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()],
        )
