"""What is the learner's, told in short: values, inputs, exceptions, and what they print.

Nothing here fails because of what a learner's object does when it is looked at.
"""

from __future__ import annotations

import io
import linecache
import reprlib
import sysconfig
import traceback
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

_COURSE = str(Path(__file__).parents[1])
_LIBRARIES = tuple(sysconfig.get_path(one) for one in ("stdlib", "purelib", "platlib"))

OWN_FAULT = "The check of {} itself failed"

PRINTED = 2000
"""So many characters of what an answer prints are shown; a loop may print without end."""


def short_repr(value: Any, limit: int = 120) -> str:
    """A value's text, cut; its type where it has none."""
    short = reprlib.Repr()
    short.maxlist = short.maxtuple = short.maxset = short.maxdict = 40
    short.maxstring = short.maxother = short.maxlong = limit
    try:
        text = " ".join(short.repr(value).split())
    except Exception:  # a learner's own __repr__, or a number of thousands of digits
        return f"a {type(value).__name__}"
    return text if len(text) <= limit else f"{text[: limit - 4]} ..."


def shorten(value: Any, limit: int = 120) -> str:
    """A value as text for a message: its type and its start."""
    return f"{type(value).__name__} {short_repr(value, limit)}"


def show_table(table: pd.DataFrame) -> str:
    """A table in short: of a long one its size, of others all, with labels if not 0, 1, 2, ..."""
    columns = [f"{name}: {table[name].tolist()}" for name in table] if len(table) <= 6 else []
    if columns and not table.index.equals(pd.RangeIndex(len(table))):
        columns.insert(0, f"index: {table.index.tolist()}")
    text = ", ".join(columns)
    return f"<table of {text}>" if 0 < len(text) <= 300 else f"<table of {len(table)} rows>"


def show_inputs(arguments: Sequence[Any], limit: int = 60) -> str:
    """The arguments of a call in short: ``(SVD, '1001', 3, <array of shape (5, 2)>)``."""
    return f"({', '.join(_show_input(one, limit) for one in arguments)})"


def _show_input(one: Any, limit: int) -> str:
    if isinstance(one, (str, int, float, list, tuple, set, dict)):
        return short_repr(one, limit)
    if isinstance(one, pd.DataFrame):
        return show_table(one)
    if isinstance(one, np.ndarray):
        return f"<array of shape {one.shape}>"
    return type(one).__name__


def describe(error: BaseException, answer: Any, inputs: str) -> str:
    """One or two sentences for an exception that an answer raised.

    Args:
        error: what was raised.
        answer: the learner's function; its file tells their lines from a library's.
        inputs: what it was called with, as ``show_inputs`` writes it.
    """
    what = f"{type(error).__name__}: {said(error)}".rstrip(": .")
    if "Cannot cast ufunc" in what:
        what += " (`+=` and its like keep the array's type, here whole numbers: write `a = a + b`)"
    file = file_of(answer)
    line = line_in(file, error)
    if line is not None:
        number, text = line
        return f"For {inputs} your code raised {what}, in line {number}" + (
            f": {text}" if text else "."
        )
    if file is None:
        return f"For {inputs} your code raised {what}."
    return f"Your function could not be called with {inputs} as the task says. {what}."


def line_in(file: str | None, error: BaseException) -> tuple[int, str] | None:
    """The number and text of the last line of a file that an exception came through."""
    numbers = [number for one, number in _places(error) if file is not None and one == file]
    return (numbers[-1], linecache.getline(file or "", numbers[-1]).strip()) if numbers else None


def file_of(answer: Any) -> str | None:
    """Where a function was written; None for other callables."""
    try:
        return str(answer.__code__.co_filename)
    except Exception:  # a learner's own __getattr__ may raise anything
        return None


def unread(error: BaseException, value: Any, what: str, task: str) -> str:
    """Of an exception outside of an answer's calls: a strange value's fault, or the check's own.

    Args:
        error: the exception.
        value: what the check was reading.
        what: how the message calls it.
        task: the task's id.
    """
    places = _places(error)
    theirs = any(_is_theirs(file) for file, _ in places)
    strange = type(error).__name__ if theirs else strange_in(value)
    if strange is not None:
        return (
            f"The check could not read {what} ({strange}). It must be of plain numbers, text, "
            "lists or arrays."
        )
    file, number = next(one for one in reversed(places) if one[0].startswith(_COURSE))
    return (
        f"{OWN_FAULT.format(task)} ({type(error).__name__}: {said(error)}, in line {number} of "
        f"{Path(file).name}). This is a fault of the course, not of your answer: please report it, "
        "with your code. The text of the task says what is right."
    )


def strange_in(value: Any, depth: int = 0) -> str | None:
    """The type of the first thing in a value that is no number, text, list, table or array.

    ``depth`` is how many lists it stands in; what stands in very many is strange as well.
    """
    try:
        if isinstance(value, pd.DataFrame):
            value = value.to_numpy()
        if isinstance(value, (pd.Series, pd.Index)) or type(value) is np.ndarray:
            if isinstance(value.dtype, np.dtype) and value.dtype.kind in "biufSU":
                return None
            parts = list(np.asarray(value, dtype=object).flat)
        elif isinstance(value, dict):
            parts = [*value, *value.values()]
        elif isinstance(value, (list, tuple, set, frozenset)):
            parts = list(value)
        elif value is None or isinstance(value, (str, bytes, Real, Decimal, np.bool_)):
            return None
        else:
            return type(value).__name__
        if depth > 20:
            return type(value).__name__
        return next((one for part in parts if (one := strange_in(part, depth + 1))), None)
    except Exception:  # a learner's own list or array
        return type(value).__name__


def _is_theirs(file: str) -> bool:
    compiled = file.startswith("<frozen ") or file.endswith((".pyx", ".pxd"))
    return not compiled and not file.startswith((_COURSE, *_LIBRARIES))


def _places(error: BaseException) -> list[tuple[str, int]]:
    """File and line of each call that an exception came through, the outermost first."""
    walked = traceback.walk_tb(error.__traceback__)
    return [(frame.f_code.co_filename, number) for frame, number in walked]


def said(error: BaseException, limit: int = 300) -> str:
    """An exception's message on one line, cut."""
    try:
        return " ".join(str(error).split())[:limit]
    except Exception:  # a learner's own __str__
        return ""


class Printed(io.StringIO):
    """Keeps the beginning of what is printed and drops the rest."""

    def write(self, text: str) -> int:
        room = PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def close(self) -> None:
        """An answer that closes ``sys.stdout`` closes nothing: what it printed is shown."""
