"""Lesson 21: what its checks share: arguments as text, dictionaries of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import code_of
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten


def shown_by(name: str, *arguments: str) -> Callable[[Any], str]:
    """What writes a call as the code that makes its arguments."""

    def shown(case: Any) -> str:
        lines = zip(arguments, case, strict=True)
        return f"{name} with\n" + "\n".join(f"    {of} = {code_of(value)}" for of, value in lines)

    return shown


def dictionary(value: Any, keys: Iterable[str], call: str) -> dict[Any, Any]:
    """What was returned, if it is a dictionary of these keys; else reject."""
    refuse_none(value, f"{call}\nthe result", "a dictionary")
    wanted = list(keys)
    if not isinstance(value, dict):
        reject(f"{call}\nthe result must be a dictionary, got {shorten(value)}.")
    for key in wanted:
        if key not in value:
            reject(f"{call}\nthe result has no entry for {key!r}.")
    more = [key for key in value if key not in wanted]
    if more:
        key = str(more[0]) if isinstance(more[0], str) else more[0]
        reject(f"{call}\nthe result has an entry for {key!r}, which is none of its keys.")
    return value
