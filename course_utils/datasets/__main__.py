"""Fetch what the lessons need, data sets and models: ``python -m course_utils.datasets``."""

from __future__ import annotations

from course_utils.datasets.real import ENCODERS, REAL_SETS, DataError, fetch_all


def main() -> int:
    """Fetch what is missing. Returns 1, and says why, if something could not be had."""
    names = [*REAL_SETS, *ENCODERS]
    try:
        fetch_all(names)
    except DataError as error:
        print(f"Error: {error}")
        return 1
    print(f"{len(names)} data sets and models are in the cache.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
