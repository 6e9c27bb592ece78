"""The call that a message shows, as code that a learner can run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def code_of(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray) and not value.size and value.ndim > 1:
        return f"np.zeros({value.shape}{dtype_of(value)})"
    if isinstance(value, np.ndarray) and value.size > 16 and (value == value.flat[0]).all():
        return f"np.full({value.shape}, {value.flat[0].item()!r}{dtype_of(value)})"
    if isinstance(value, np.ndarray) and value.ndim == 1 and (period := _period(value)):
        return f"np.tile({code_of(value[:period])}, {len(value) // period})"
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()}{dtype_of(value)})".replace("nan", "np.nan")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{code_of(k)}: {code_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (set, frozenset)) and value:
        inside = f"{{{', '.join(map(repr, sorted(value)))}}}"
        return inside if isinstance(value, set) else f"frozenset({inside})"
    if isinstance(value, tuple):
        return f"({', '.join(map(code_of, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(code_of, value))}]"
    return repr(value)


def _period(array: np.ndarray) -> int:
    """After how many numbers a long array begins anew, again and again; 0 if it does not."""
    n = len(array)
    periods = (p for p in range(2, n // 3 + 1) if n % p == 0) if n > 16 else ()
    return next((p for p in periods if (array.reshape(-1, p) == array[:p]).all()), 0)


def dtype_of(array: np.ndarray) -> str:
    """The ending that names a type that the numbers do not show.

    A short integer, since sums in it may overflow, and that of an array without numbers.
    """
    kind, short = array.dtype.kind, array.dtype.itemsize < np.dtype(int).itemsize
    if kind in "iu" and (short or (kind == "u" and not array.size)):
        return f", dtype=np.{array.dtype.name}"
    if kind in "ib" and not array.size:
        return f", dtype={'int' if kind == 'i' else 'bool'}"
    return ""


def call_of(name: str, case: Iterable[Any]) -> str:
    """``name(first, second)``."""
    return f"{name}({', '.join(map(code_of, case))})"


def with_lines(**values: Any) -> str:
    """The arguments of a long call, one a line; the message goes on below."""
    lines = [f"    {name} = {code_of(value)}" for name, value in values.items()]
    return "\n".join(["With", *lines, ""])
