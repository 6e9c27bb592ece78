"""What a test needs from the cache: real sets and pretrained models."""

from __future__ import annotations

import os

import pytest

from course_utils.datasets import real


def needs(*names: str) -> None:
    """Skip the test where a set or a model is not cached; CI fetches them, so there it fails.

    Args:
        names: of real sets, as in ``load("...")``, and of models, as ``"MINILM"``.
    """
    missing = [name for name in names if not real.is_cached(name)]
    if missing:
        why = (
            f"not in the cache: {', '.join(missing)}; python -m course_utils.datasets fetches "
            "sets, python -m course_utils.encoder models"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
