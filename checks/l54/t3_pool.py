"""Task 54.3: pool tokens, not padding; and the learner's own test of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import same

right = LessonAnswer("54.3")

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

POOLED, TOKENS = "np.where(some, values.max(axis=1), 0.0)", "(table[ids] * (ids > 0)[..., None])"


def _edit(*edits: dict[str, str], before: str = "pass") -> Function:
    """An edit that takes lists, too, as a learner's test may give them."""
    arrays = "    ids, table = np.asarray(ids), np.asarray(table, float)\n"
    return right.edit({"    values =": f"{arrays}    {before}\n    values ="}, *edits)


def _pooled(expression: str) -> Function:
    return _edit({POOLED: expression})


WITH_PADDING = _pooled("table[ids].max(axis=1)")
ZERO_FOR_PADDING = _pooled(f"{TOKENS}.max(axis=1)")
ZERO_ROW = _pooled(f"np.maximum({TOKENS}.max(axis=1), 0.0)")
CUT_AT_FIRST = _edit(before="ids = ids * np.cumprod(ids > 0, axis=1)")
MEAN_POOL = _pooled(f"{TOKENS}.sum(axis=1) / np.maximum((ids > 0).sum(axis=1), 1)[:, None]")

SLIPS = {
    "padding is pooled like a token: row 0 of the table takes part": WITH_PADDING,
    "padding counts as 0, which is more than a negative feature: it must lose against every "
    "token": ZERO_FOR_PADDING,
    "a 0 takes part in every title, also in a full one": ZERO_ROW,
    "a title ends at its first 0; padding may stand in front too": CUT_AT_FIRST,
    "the mean is returned, not the maximum": MEAN_POOL,
    "only the first number of a title is read": _edit(before="ids = ids[:, :1]"),
    "the maximum runs over the whole batch: each title has its own": right.returning(
        "np.tile(result.max(axis=0, initial=-99), (len(ids), 1))"
    ),
}


def _shown(case: Case) -> str:
    if np.size(case[0]) * np.size(case[1]) > 40:
        return f"pool of ids of shape {np.shape(case[0])} and a table of {np.shape(case[1])}"
    return call_of("pool", case)


def _read(got: Any, case: Case) -> np.ndarray:
    shape = (len(case[0]), np.shape(case[1])[1])
    return as_array(got, _shown(case), shape, infinite=True)


def check_pool(answer: Any) -> None:
    compare(leaving(answer, right.arguments, _shown), CASES, right, _read, _shown, SLIPS)
    if not same(answer(*NAN), right(*NAN)):
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
    slips=SLIPS,
    right=right,
    cases=CASES,
)


def _loops(ids: Any, table: Any) -> Any:
    """Right, in lists of Python's numbers; without titles an array, since lists have no width."""
    if not len(ids):
        return np.zeros((0, len(table[0])))
    found = []
    for title in np.asarray(ids).tolist():
        real = [list(map(float, table[one])) for one in title if one]
        found.append([max(column) for column in zip(*real, strict=True)] or [0.0] * len(table[0]))
    return [row or [0.0] * len(table[0]) for row in found]


pool = _edit()
RIGHT: Answers = {
    "sets padding to minus infinity": pool,
    "returns lists": _loops,
    "returns 32-bit numbers": lambda ids, table: pool(ids, table).astype(np.float32),
}
WRONG: Answers = {
    "pools row 0 of the table too": WITH_PADDING,
    "gives padding a 0": ZERO_FOR_PADDING,
    "lets a 0 take part in every title": ZERO_ROW,
    "stops at the first 0, so that padding in front ends a title": CUT_AT_FIRST,
    "returns the mean": MEAN_POOL,
    "returns minus infinity for a title without a token": _pooled("values.max(axis=1)"),
}

CHECK = grading(
    "54.3",
    RIGHT,
    WRONG,
    hints=(
        "Try the task's own example first: a title, the same with more padding, the same with "
        "padding in front. What must be equal?",
        "A 0 for padding is seen only where every token's feature is negative, and the mean only "
        "where two tokens differ. What must a title without a token give?",
        "table = [[9, 9], [-1, -5], [-3, -2]]; assert np.allclose(pool([[1, 2], [2, 1]]), ...), "
        "then with 0 behind, with 0 in front, and for [[0, 0]]; compare by np.allclose, with "
        "np.array around ids and table.",
    ),
    insight=(
        "An example and two invariances catch all six; a test that asks for equal types would "
        "have refused right answers."
    ),
)
