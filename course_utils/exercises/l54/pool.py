"""Task 54.3: pool tokens, not padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import same

_DRAW = np.random.default_rng(54)
_TABLE = _DRAW.normal(size=(6, 3)).round(2)
_SMALL = np.array([[9.0, 9.0], [-1.0, 2.0], [-3.0, 1.0]])

CASES: list[Case] = [
    (np.array([[1, 2, 0], [2, 0, 0]]), _SMALL),
    (np.array([[1, 2, 0, 0, 0]]), _SMALL),  # the same title, longer padding
    (np.array([[2, 1]]), _SMALL),
    (np.array([[0, 0], [1, 1]]), _SMALL),  # a title without a token
    (np.array([[0, 2, 1]]), _SMALL),  # padding in front
    (np.array([[5, 4, 3, 2, 1]], np.int8), _TABLE),
    (_DRAW.integers(0, 6, (7, 4)), _TABLE),
    (np.zeros((0, 3), int), _TABLE),
    # No number is small enough for padding but minus infinity; row 0 holds the largest.
    (
        np.array([[1, 2, 0], [0, 0, 0], [0, 2, 0]]),
        np.array([[1e300, -1e300], [-2e37, 2e12], [-3e37, 1e12]]),
    ),
]
NAN: Case = (np.array([[1, 0], [0, 0]]), np.array([[np.nan, np.nan], [-1.0, 2.0]]))
"""Apart: ``compare`` reads all results first, and nan in one would hide another mistake."""


def right_pool(ids: Any, table: Any) -> np.ndarray:
    ids, table = np.asarray(ids), np.asarray(table, float)
    values = np.where((ids > 0)[..., None], table[ids], -np.inf)
    best = values.max(axis=1) if ids.size else np.zeros((len(ids), table.shape[1]))
    return np.where((ids > 0).any(axis=1)[:, None], best, 0.0)


def with_padding(ids: Any, table: Any) -> np.ndarray:
    return np.asarray(table, float)[ids].max(axis=1)


def zero_for_padding(ids: Any, table: Any) -> np.ndarray:
    return (np.asarray(table, float)[ids] * (np.asarray(ids) > 0)[..., None]).max(axis=1)


def zero_row(ids: Any, table: Any) -> np.ndarray:
    """Where every title is padded, as in a batch of fixed length."""
    longer = np.pad(np.asarray(ids), [(0, 0), (0, 1)])
    return zero_for_padding(longer, table)


def cut_at_first(ids: Any, table: Any) -> np.ndarray:
    return np.array(
        [
            right_pool(row[None, : list(row).index(0) if 0 in row else len(row)], table)[0]
            for row in np.asarray(ids)
        ]
    ).reshape(len(ids), np.shape(table)[1])


def mean_pool(ids: Any, table: Any) -> np.ndarray:
    mask = (np.asarray(ids) > 0)[..., None]
    total = (np.asarray(table, float)[ids] * mask).sum(axis=1)
    return total / np.maximum(mask.sum(axis=1), 1)


def _first_token(ids: Any, table: Any) -> np.ndarray:
    return right_pool(np.asarray(ids)[:, :1], table)


def _whole_batch(ids: Any, table: Any) -> np.ndarray:
    """One maximum for the batch."""
    best = right_pool(ids, table).max(axis=0, initial=-99)
    return np.tile(best, (len(ids), 1))


MISTAKES: dict[str, Callable[..., Any]] = {
    "padding is pooled like a token: row 0 of the table takes part": with_padding,
    "padding counts as 0, which is more than a negative feature: it must lose against every "
    "token": zero_for_padding,
    "a 0 takes part in every title, also in a full one": zero_row,
    "a title ends at its first 0; padding may stand in front too": cut_at_first,
    "the mean is returned, not the maximum": mean_pool,
    "only the first number of a title is read": _first_token,
    "the maximum runs over the whole batch: each title has its own": _whole_batch,
}


def _shown(case: Case) -> str:
    if np.size(case[0]) * np.size(case[1]) > 40:
        return f"pool of ids of shape {np.shape(case[0])} and a table of {np.shape(case[1])}"
    return call_of("pool", case)


def _read(got: Any, case: Case) -> np.ndarray:
    shape = (len(case[0]), np.shape(case[1])[1])
    return as_array(got, _shown(case), shape, infinite=True)


def check_pool(answer: Any) -> None:
    compare(leaving(answer, ("ids", "table"), _shown), CASES, right_pool, _read, _shown, MISTAKES)
    if not same(answer(*NAN), right_pool(*NAN)):
        reject(
            f"{_shown(NAN)} must be [[-1, 2], [0, 0]]: row 0 may hold anything, and 0 times nan is "
            "nan. Leave it out; do not multiply it away."
        )


TASK = Task(
    id="54.3",
    prompt="Return the largest value of each feature over the tokens of each title.",
    check_answer=check_pool,
    hints=(
        "What value must padding have so that no maximum can ever be it?",
        "values = np.where((ids > 0)[..., None], table[ids], -np.inf), then the maximum along "
        "axis 1. What is left of a title without a token?",
        "some = (ids > 0).any(axis=1)[:, None]; return np.where(some, values.max(axis=1), 0.0). "
        "For no titles at all the maximum along axis 1 is fine: that axis has numbers.",
    ),
    insight="Minus infinity for a maximum, 0 for a sum, and the count of real tokens for a mean.",
    errata={"E37": "padding is pooled like a token"},
)
