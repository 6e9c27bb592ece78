"""Lesson 23: what its checks share."""

from __future__ import annotations

from typing import Any

import numpy as np


def call(name: str, **values: Any) -> str:
    """The inputs of a call as lines of code, then the words "the result of name"."""
    lines = "\n".join(f"    {key} = {_code(value)}" for key, value in values.items())
    return f"With\n{lines}\nthe result of {name}"


def _code(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    return repr(value)
