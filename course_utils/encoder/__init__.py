"""Real pretrained text encoders: weights, tokens, layers in Keras, vectors.

``MINILM`` reads English, ``E5`` some hundred languages. Both are small as such models go (22.7 and
118 million parameters, of which 96 are E5's table of words). ``STATIC`` is a table of 8 million
numbers distilled from language models, without a network. Nothing of them is committed: the
weights come by pinned hash, and vectors are kept in ``.cache/``.
"""

from course_utils.encoder.pretrained import (
    E5,
    MINILM,
    STATIC,
    Pretrained,
    Static,
    Transformer,
    fetch,
)
from course_utils.encoder.vectors import encode, load

__all__ = [
    "E5",
    "MINILM",
    "STATIC",
    "Pretrained",
    "Static",
    "Transformer",
    "encode",
    "fetch",
    "load",
]
