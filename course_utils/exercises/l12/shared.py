"""Lesson 12: what its checks share: calls as text."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.calls import code_of, dtype_of
from course_utils.exercises.comparing import Case

LONG = 20
"""An array of more rows is shown by its runs of equal rows, if they are few."""
FEW = 5


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(as_code(one) for one in case)})"


def as_code(value: Any) -> str:
    if not isinstance(value, np.ndarray) or len(value) <= LONG:
        return code_of(value)
    new = (value[1:] != value[:-1]).reshape(len(value) - 1, -1).any(axis=1)
    starts = np.flatnonzero(np.append(True, new))
    if len(starts) > FEW:
        return code_of(value)
    lengths = np.diff(np.append(starts, len(value)))
    firsts = str(value[starts].tolist())
    if dtype_of(value):
        firsts = f"np.array({firsts}{dtype_of(value)})"
    return f"np.repeat({firsts}, {lengths.tolist()}, axis=0)"
