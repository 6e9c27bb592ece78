"""Lesson 50: its errata, and what the checks of several tasks need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.asking import GotNone, Rejected, reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.reading import as_array, refuse_none

ERRATA = {
    "E33": "text goes into the network as it is, without tokens",
    "E34": "'accuracy' asks only whether the highest score is the highest label",
    "E35": "most cells are 0, so a model that gives no label has a high accuracy",
    "E36": "0.5 is taken for the threshold of every label",
    "E37": "padding is read as if it were text",
    "E38": "a token that the embedding has no row for",
    "E39": "the form of the labels is not said: one row a text, one column a label",
    "E40": "Chinese is split at spaces, and has none",
    "E41": "no validation, no early stopping: the last weights are kept",
    "E43": "a text shorter than the kernel",
    "E44": "a softmax shares one unit among labels that may all be true",
}


def compare_named(
    name: str,
    answer: Callable[..., Any],
    cases: Iterable[Case],
    right: Callable[..., Any],
    read: Callable[[Any, Case], Any],
    mistakes: Mistakes,
    errata: Mapping[str, str],
) -> None:
    """``compare``, and the erratum of the mistake that it names: what it says -> erratum."""
    try:
        compare(answer, cases, right, read, lambda case: call_of(name, case), mistakes)
    except GotNone:
        raise
    except Rejected as rejected:
        found = (erratum for says, erratum in errata.items() if says in rejected.message)
        reject(rejected.message, rejected.erratum or next(found, None))


def table_of(value: Any, what: str, shape: tuple[int, ...]) -> np.ndarray:
    """An array of this shape, truth values as 0 and 1."""
    refuse_none(value, what, "an array")
    try:
        if np.asarray(value).dtype == bool:
            value = np.asarray(value).astype(int)
    except ValueError:  # ragged lists: what follows says so
        pass
    return as_array(value, what, shape)
