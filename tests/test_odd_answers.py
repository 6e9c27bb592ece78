"""No answer, however odd, makes a check fail itself: it is told what is wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from answers import proofs

from course_utils.exercises import all_tasks
from course_utils.exercises.engine import Task, Verdict
from course_utils.exercises.theirs import OWN_FAULT

TASKS = {one.id: one for one in all_tasks()}
PROOFS = proofs()

HUGE = 10**400
ODD: dict[str, Any] = {
    "None": None,
    "nan": np.nan,
    "infinity": np.inf,
    "minus one": -1,
    "no whole number": 2.5,
    "a huge whole number": HUGE,
    "a truth value": True,
    "a complex number": 1j,
    "a Fraction": Fraction(1, 3),
    "a Decimal that is none": Decimal("NaN"),
    "text": "a",
    "empty text": "",
    "bytes": b"a",
    "an empty list": [],
    "an empty dictionary": {},
    "a list of None": [None],
    "a list of nan": [np.nan],
    "a list of text": ["a", "b"],
    "a list of a huge number": [HUGE, 1],
    "a list of lists of unlike lengths": [[1, 2], [3]],
    "a list of dictionaries": [{}],
    "a pair": (1, 2),
    "a pair of None": (None, None),
    "text and a number": ("a", 1),
    "three things": ([], {}, "a"),
    "a set": {1},
    "a dictionary": {"a": [1]},
    "a dictionary of nan": {1: np.nan},
    "a short array": np.array([1, 2, 100], np.int8),
    "an array of text": np.array("a"),
    "an empty array": np.zeros((0, 3)),
    "an array of objects": np.array([None, 1, "a"], dtype=object),
    "a masked array": np.ma.masked_array([1.0, 2.0], [True, False]),
    "three dimensions": np.zeros((2, 2, 2)),
    "a Series": pd.Series([1, None]),
    "a Series of NA": pd.Series([pd.NA, 1]),
    "a table": pd.DataFrame({"a": [1]}),
    "a day": np.datetime64("2026-12-01"),
    "a range": range(3),
    "a function": len,
    "a type": int,
    "an object": object(),
}
NUMBERS: dict[str, Callable[[Any], Any]] = {
    "one more": lambda x: x + 1,
    "negative": lambda x: -x - 1,
    "nan": lambda x: np.nan,
    "infinite": lambda x: np.inf,
    "huge": lambda x: HUGE,
    "None": lambda x: None,
    "text": str,
    "lists": lambda x: [x],
    "floats and a bit": lambda x: x + 0.5,
    "far out": lambda x: 10**6,
}
"""What becomes of all numbers of a right result."""


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_changed(one, change) for one in value])
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        return _changed(value.tolist(), change)
    return change(value) if isinstance(value, (int, float, np.number)) else value


def _part_replaced(value: Any, by: Any) -> Any:
    """One part of a right result replaced; what has no parts as a whole."""
    if isinstance(value, dict) and value:
        return {**value, next(iter(value)): by}
    if isinstance(value, (list, tuple)) and len(value):
        return type(value)([by, *value[1:]])
    if isinstance(value, np.ndarray) and value.size and value.ndim:
        return [by, *value[1:]]
    return by


def _forms() -> Iterator[Callable[[Any], Any]]:
    """Odd forms of a right result."""
    for change in NUMBERS.values():
        yield lambda value, change=change: _changed(value, change)
    for odd in ODD.values():
        yield lambda value, odd=odd: _part_replaced(value, odd)


def _answers(number: int, task: Task) -> Iterator[Any]:
    """Each odd value, and some odd forms of the right result; of the next task other ones."""
    right, forms = PROOFS[task.id].right[0], list(_forms())
    some = [forms[(number + 13 * k) % len(forms)] for k in range(3)]
    if task.takes == "data":
        yield from ODD.values()
        yield from (form(copy.deepcopy(right)) for form in some)
        return
    for odd in ODD.values():
        yield lambda *given, odd=odd, **named: odd
    for form in some:
        yield lambda *given, form=form, **named: form(right(*given, **named))


@pytest.mark.parametrize("lesson", sorted({id.split(".")[0] for id in TASKS}))
def test_an_odd_answer_is_told_what_is_wrong_with_it(lesson: str) -> None:
    for number, task in enumerate(TASKS.values()):
        if task.id.startswith(lesson):
            for answer in _answers(number, task):
                _holds(task, task.check(answer))


def _holds(task: Task, verdict: Verdict) -> None:
    assert OWN_FAULT.format(task.id) not in verdict.message, verdict.message
    assert "still running" not in verdict.message
    assert verdict.message
