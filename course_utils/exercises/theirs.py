"""A learner's own exception, told as theirs: type, message and the line of their code."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Sequence
from typing import Any


def show_inputs(arguments: Sequence[Any], limit: int = 50) -> str:
    """The arguments of a call in short: ``(SVD, '1001', 3)``."""
    return f"({', '.join(_short(one, limit) for one in arguments)})"


def _short(value: Any, limit: int) -> str:
    if not isinstance(value, (str, int, float, list, tuple, set, dict)):
        return type(value).__name__
    text = repr(value)
    if isinstance(value, set) and value:  # in one order everywhere
        text = "{" + ", ".join(sorted(map(repr, value))) + "}"
    return text if len(text) <= limit else f"{text[: limit - 4]} ..."


def describe(error: BaseException, answer: Any, inputs: str) -> str:
    """One or two sentences for an exception that an answer raised.

    Args:
        error: what was raised.
        answer: the learner's function; its file tells their lines from a library's.
        inputs: what it was called with, as ``show_inputs`` writes it.
    """
    said = " ".join(str(error).split())
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    code = getattr(answer, "__code__", None)
    lines = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if code is not None and frame.f_code.co_filename == code.co_filename
    ]
    if not lines:
        return f"Your function could not be called with {inputs} as the task says. {what}."
    filename, number = lines[-1]
    text = linecache.getline(filename, number).strip()
    return f"For {inputs} your code raised {what.rstrip('.')}, in line {number}: {text}"
