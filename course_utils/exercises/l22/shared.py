"""Lesson 22: what its checks share: calls as text, and results that may be nan."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import Rejected, reject
from course_utils.exercises.reading import as_array, as_number

Case = tuple[Any, ...]


class _NoNumber:
    """Stands for nan in a result: equal to itself, and to nothing else."""

    def __repr__(self) -> str:
        return "nan"

    def __deepcopy__(self, memo: Any) -> _NoNumber:
        return self


NAN = _NoNumber()


def marked(number: float) -> Any:
    """The number itself, or ``NAN``."""
    return NAN if np.isnan(number) else float(number)


def read_number(value: Any, what: str) -> Any:
    """One number, or ``NAN`` where nan came; all else is rejected."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "f" and array.size == 1 and np.isnan(array).all():
            return NAN
        if array.dtype.kind == "f" and array.size == 1 and np.isinf(array).all():
            reject(f"{what} must be one number, or nan where there is none, got {array.item()}.")
    except Rejected:
        raise
    except Exception:  # ragged lists, or a learner's own __array__
        pass
    return as_number(value, what)


def read_table(value: Any, what: str, shape: tuple[int, ...]) -> dict[tuple[int, ...], Any]:
    """An array of this shape by place, ``NAN`` where nan came; all else is rejected."""
    if np.ma.is_masked(value):
        reject(f"{what} holds masked entries: end with .filled(np.nan).")
    try:
        array = np.asarray(value)
        empty = np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)
    except Exception:
        return table_of(as_array(value, what, shape))
    known = np.where(empty, 0, array) if empty.any() else value
    numbers = as_array(known, what, shape, infinite=True)
    return table_of(np.where(empty, np.nan, numbers))


def table_of(array: np.ndarray) -> dict[tuple[int, ...], Any]:
    return {at: marked(one) for at, one in np.ndenumerate(array)}


def code_of(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})".replace("nan", "np.nan")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{code_of(k)}: {code_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(map(repr, sorted(value)))}}})"
    if isinstance(value, tuple):
        return f"({', '.join(map(code_of, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(code_of, value))}]"
    return repr(value)


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(map(code_of, case))})"


def with_lines(case: Case, *names: str) -> str:
    """The arguments of a long call, one a line."""
    lines = [f"    {name} = {code_of(one)}" for name, one in zip(names, case, strict=True)]
    return "With\n" + "\n".join(lines) + "\n"
