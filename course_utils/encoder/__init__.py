"""Two real pretrained text encoders in Keras: weights, tokens, layers, vectors.

``MINILM`` reads English, ``E5`` some hundred languages. Both are small as such models go (22.7 and
118 million parameters, of which 96 are E5's table of words). Nothing of them is committed: the
weights come by pinned hash, and vectors are kept in ``.cache/``.
"""

from course_utils.encoder.pretrained import E5, MINILM, Pretrained, fetch
from course_utils.encoder.vectors import encode, load

__all__ = ["E5", "MINILM", "Pretrained", "encode", "fetch", "load"]
