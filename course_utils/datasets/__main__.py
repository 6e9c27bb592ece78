"""Fetch every real set: ``python -m course_utils.datasets``."""

from __future__ import annotations

from course_utils.datasets.real import REAL_SETS, DataError, fetch


def main() -> int:
    """Fetch every real set; one line each. Returns 1 if one could not be had."""
    failed = 0
    for name in REAL_SETS:
        try:
            fetch(name)
            print(f"OK   {name}")
        except DataError as error:
            print(f"FAIL {error}")
            failed = 1
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
