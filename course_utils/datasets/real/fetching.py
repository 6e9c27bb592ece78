"""Several sets and models at once: the size is said before, one bar over all, a line at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from course_utils.datasets.real.cache import Parcel, fetch_parcel
from course_utils.datasets.real.carrier import (
    Carrier,
    DataError,
    NoNetworkError,
    NotPinnedError,
)
from course_utils.datasets.real.models import MODELS
from course_utils.datasets.real.registry import REAL_SETS

WIDTH = 30
"""Of the bar, in signs."""


def fetch_all(names: Iterable[str]) -> None:
    """Make sure that these real sets and models are in the cache, and tell it in the terminal.

    What is there, whole, is not fetched again: after a stop the same call goes on with the rest.

    Args:
        names: of sets, as in ``load("...")``, and of models, as ``"MINILM"``.

    Raises:
        NoNetworkError: at the first that did not come; the others would not come either.
        NotPinnedError: at the first file that is not the pinned one.
        DataError: for the first that did not come, after all the others have been tried.
    """
    known: dict[str, Parcel] = {**REAL_SETS, **MODELS}
    missing = [known[name] for name in names if not known[name].is_cached]
    if not missing:
        return
    by_carrier: dict[Carrier, Parcel] = {}
    for one in missing:
        by_carrier.setdefault(one.carrier, one)
    whole = sum(carrier.megabytes for carrier in by_carrier)
    what = missing[0].name if len(missing) == 1 else f"{len(missing)} data sets and models"
    print(f"Fetching {what} for the lessons: {whole} MB, once; kept in .cache.", flush=True)
    started, before = time.monotonic(), 0
    failed: DataError | None = None
    for carrier, one in by_carrier.items():

        def show(so_far: int, before: int = before, most: int = carrier.megabytes) -> None:
            _draw(before + min(so_far // 10**6, most), whole)

        try:
            fetch_parcel(one, known.values(), show)
        except (NoNetworkError, NotPinnedError):
            raise
        except DataError as error:
            failed = failed or error
        finally:
            _wipe()
        before += carrier.megabytes
    if failed:
        raise failed
    print(f"Fetched in {time.monotonic() - started:.0f} s.", flush=True)


def _draw(megabytes: int, whole: int) -> None:
    """The bar, over the one drawn before; a file or a pipe gets none."""
    if sys.stdout.isatty():
        bar = ("#" * (WIDTH * megabytes // whole)).ljust(WIDTH, ".")
        print(f"\r[{bar}] {megabytes} of {whole} MB", end="", flush=True)


def _wipe() -> None:
    if sys.stdout.isatty():
        print("\r\x1b[K", end="", flush=True)
