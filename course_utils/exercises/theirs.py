"""A learner's own exception, told as theirs: type, message and the line of their code."""

from __future__ import annotations

import linecache
import traceback
from typing import Any


def describe(error: BaseException, answer: Any) -> str:
    """One sentence for an exception that an answer raised.

    Args:
        error: what was raised.
        answer: the learner's function; its file tells their lines from a library's.
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
        return f"Your function could not be called as the task says. {what}."
    filename, number = lines[-1]
    text = linecache.getline(filename, number).strip()
    return f"Your code raised {what.rstrip('.')}, in line {number}: {text}"
