"""Lesson 01: what its checks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import Rejected, reject
from course_utils.exercises.comparing import NOTHING, Case, Mistakes, compare
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same


def mixed(log: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """The same rows in any order."""
    return log.take(draw.permutation(len(log))).reset_index(drop=True)


def compare_logs(
    answer: Callable[..., Any],
    logs: Sequence[pd.DataFrame],
    right: Callable[..., Any],
    read: Callable[[Any, Case], Any],
    shown: Callable[[Case], str],
    mistakes: Mistakes,
    place: Callable[[Case, tuple[Any, ...]], str],
) -> None:
    """``compare`` on tables with the labels 0, 1, 2, ..., then on the same under repeated labels.

    What is wrong under the second only, goes wrong by the labels, and is told so.
    """
    compare(answer, [(log,) for log in logs], right, read, shown, mistakes, place)
    for log in logs:
        case = (log.set_index(pd.Index(np.arange(len(log)) % (len(log) // 2 + 1))),)
        value = answer(*case)
        try:
            got = read(value, case)
        except Rejected:
            got = NOTHING
        if not same(got, right(*case)):
            reject(
                f"{shown(case)}: your result is right under the labels 0, 1, 2, ... and changes "
                "where labels of the index repeat. Take rows by a mask, not by their labels."
            )


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
