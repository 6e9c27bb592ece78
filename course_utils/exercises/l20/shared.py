"""Lesson 20: what its checks share."""

from __future__ import annotations

from typing import Any

import numpy as np


def _code(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_code, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(_code, value))}]"
    return repr(value)


def lines(**values: Any) -> str:
    return "\n".join(f"    {name} = {_code(value)}" for name, value in values.items())
