"""Lesson 01: what its checks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten


def shown_call(name: str, log: pd.DataFrame) -> str:
    """A call as text: a short table in full, of a long one the number of rows."""
    if len(log) > 6:
        return f"{name}(<table of {len(log)} rows>)"
    columns = ", ".join(f"{column}: {log[column].tolist()}" for column in log)
    return f"{name}(<table of {columns}>)"


def mixed(log: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """The same rows in any order, under an index with gaps and repeats."""
    log = log.take(draw.permutation(len(log)))
    return log.set_index(pd.Index(draw.integers(2 * len(log), size=len(log))))


def as_dict(value: Any, what: str, keys: Sequence[Any], key_name: str) -> dict[Any, float]:
    """The numbers under these keys, from a dictionary or a Series, else reject."""
    if isinstance(value, pd.Series):
        value = value.to_dict()
    refuse_none(value, what, "a dictionary")
    if not isinstance(value, Mapping):
        reject(f"{what} must be a dictionary, got {shorten(value)}.")
    missing = [key for key in keys if key not in value]
    if missing:
        reject(f"{what} lacks the {key_name} {missing[0]!r}; it has {list(value)}.")
    more = [key for key in value if key not in keys]
    if more:
        reject(f"{what} has the key {more[0]!r}, which is no {key_name} of the table.")
    return {key: as_number(value[key], f"{what}[{key!r}]") for key in keys}
