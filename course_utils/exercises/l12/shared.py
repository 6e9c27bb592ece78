"""Lesson 12: what its checks share: calls as text, and pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(as_code(one) for one in case)})"


def as_code(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)


def pair_of(value: Any, call: str, parts: str) -> tuple[Any, Any]:
    refuse_none(value, call, parts)
    if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
        reject(f"{call} must return {parts}, got {shorten(value)}.")
    return value[0], value[1]
