"""Fetch every real set: ``python -m course_utils.datasets``."""

from __future__ import annotations

from functools import partial

from course_utils.datasets.real import REAL_SETS, fetch, fetch_all


def main() -> int:
    """Fetch every real set; one line each. Returns 1 if one could not be had."""
    return fetch_all({name: partial(fetch, name) for name in REAL_SETS})


if __name__ == "__main__":
    raise SystemExit(main())
