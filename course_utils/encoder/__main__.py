"""Fetch the pretrained encoders: ``python -m course_utils.encoder``."""

from __future__ import annotations

from course_utils.datasets.real import DataError
from course_utils.encoder.pretrained import E5, MINILM, fetch

MODELS = (MINILM, E5)


def main() -> int:
    """Fetch every model; one line each. Returns 1 if one could not be had."""
    failed = 0
    for model in MODELS:
        try:
            fetch(model)
            print(f"OK   {model.name}")
        except DataError as error:
            print(f"FAIL {error}")
            failed = 1
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
