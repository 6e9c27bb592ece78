"""Fetch the pretrained encoder: ``python -m course_utils.encoder``."""

from __future__ import annotations

from course_utils.datasets.real import DataError
from course_utils.encoder.pretrained import MINILM, fetch


def main() -> int:
    """Fetch the model; one line. Returns 1 if it could not be had."""
    try:
        fetch(MINILM)
    except DataError as error:
        print(f"FAIL {error}")
        return 1
    print(f"OK   {MINILM.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
