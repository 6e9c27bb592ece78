"""Fetch the pretrained encoders: ``python -m course_utils.encoder``."""

from __future__ import annotations

from functools import partial

from course_utils.datasets.real import fetch_all
from course_utils.encoder.pretrained import E5, MINILM, STATIC, fetch

MODELS = (MINILM, E5, STATIC)


def main() -> int:
    """Fetch every model; one line each. Returns 1 if one could not be had."""
    return fetch_all({model.name: partial(fetch, model) for model in MODELS})


if __name__ == "__main__":
    raise SystemExit(main())
