"""A real pretrained text encoder in Keras: its weights, its tokens, its layers, its vectors.

Small as such models go (22.7 million parameters); how small, and what larger ones do, lesson 30
says. Nothing of it is committed: the weights come by pinned hash, and vectors are kept in
``.cache/``.
"""

from course_utils.encoder.pretrained import MINILM, Pretrained, fetch
from course_utils.encoder.vectors import encode, load

__all__ = ["MINILM", "Pretrained", "encode", "fetch", "load"]
