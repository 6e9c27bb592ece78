"""What a test needs from the cache: real sets and pretrained models."""

from __future__ import annotations

import pytest

from course_utils.datasets import real

NOT_CACHED = "not in the cache"


def needs(*names: str) -> None:
    """Skip the test where a set or a model is not cached; the end of the run names it.

    Args:
        names: of real sets, as in ``load("...")``, and of models, as ``"MINILM"``. They stand in
            the file of the test: what it quotes is fetched before the run.
    """
    missing = [name for name in names if not real.is_cached(name)]
    if missing:
        pytest.skip(f"{NOT_CACHED}: {', '.join(missing)}")
