"""A task's right answer is the lesson's own; a slip is an edit of it."""

from __future__ import annotations

import ast
import copy
import functools
import json
import re
import textwrap
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils import paths
from course_utils.errors import CourseError

STORED = paths.ROOT / "checks" / "answers.json"
"""Task -> the marked answer, as ``build`` copies it from the lesson."""

Function = Callable[..., Any]
"""A slip: it takes the task's arguments."""


class Marked(NamedTuple):
    """What a lesson marks as the answer to a task.

    Attributes:
        name: what the cell passes to ``check``.
        text: the code of the cell, without the check.
    """

    name: str
    text: str


@functools.cache
def marked_answers() -> dict[str, Marked]:
    """All tasks' marked answers, in the order of the lessons' cells."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    return {task: Marked(**one) for task, one in stored.items()}


class LessonAnswer:
    """The marked answer of a task, as a function that gets copies of its arguments.

    ``edit``, ``first``, ``after`` and ``returning`` make a slip of it: a function with the same
    arguments. A slip whose place the answer no longer has is refused where the file is imported,
    so a build stops at it.

    Args:
        task: ``"20.4"``.
        copies: False where an argument cannot be copied, as a generator, or is known by ``is``.
        names: what the answer may use beside ``np``: the imports of the lesson that it needs.

    Raises:
        CourseError: if no lesson marks an answer to it.
    """

    def __init__(self, task: str, *, copies: bool = True, **names: Any) -> None:
        self.task = task
        self._copied = copy.deepcopy if copies else _itself
        if task not in marked_answers():
            raise CourseError(
                f"No lesson marks an answer to {task}: write it, then run "
                f"`python -m course_utils build {task[:2]}`."
            )
        self.name, self.text = marked_answers()[task]
        self._names = {"np": np, **names}
        made = next(
            one
            for one in ast.parse(self.text).body
            if isinstance(one, ast.FunctionDef) and one.name == self.name
        )
        self.arguments = [one.arg for one in made.args.args]
        self._first = made.body[0].lineno - 1
        self._indent = " " * made.body[0].col_offset
        self._function = self._compiled(self.text)

    def __call__(self, *case: Any, **named: Any) -> Any:
        return _plain(self._quietly(self._function, case, named))

    def __deepcopy__(self, memo: Any) -> LessonAnswer:
        return self

    def __repr__(self) -> str:
        return f"<function {self.name}>"

    def edit(self, *edits: Mapping[str, str]) -> Function:
        """The answer with parts of its text replaced, all at once.

        Args:
            edits: an old part, wherever it stands -> the new one.

        Raises:
            CourseError: if the answer does not hold an old part.
        """
        changes = {old: new for one in edits for old, new in one.items()}
        for old in changes:
            if old not in self.text:
                raise CourseError(
                    f"The lesson's answer to {self.task} does not hold {old!r} any more: "
                    "write the slip's edit anew."
                )
        any_old = "|".join(map(re.escape, sorted(changes, key=len, reverse=True)))
        return self._on_copies(re.sub(any_old, lambda found: changes[found[0]], self.text))

    def first(self, lines: str) -> Function:
        """The answer with lines before its first one: they change an argument, or return."""
        before = self.text.splitlines()
        before[self._first : self._first] = textwrap.indent(lines, self._indent).splitlines()
        return self._on_copies("\n".join(before))

    def after(self, line: str, lines: str) -> Function:
        """The answer with lines after the one line that holds ``line``, indented like it.

        Raises:
            CourseError: if no line of the answer holds it, or more than one.
        """
        text = self.text.splitlines()
        places = [at for at, one in enumerate(text) if line in one]
        if len(places) != 1:
            raise CourseError(
                f"{len(places)} lines of the lesson's answer to {self.task} hold {line!r}: "
                "write the slip's edit anew, after one line."
            )
        (at,) = places
        indent = text[at][: len(text[at]) - len(text[at].lstrip())]
        text[at + 1 : at + 1] = textwrap.indent(lines, indent).splitlines()
        return self._on_copies("\n".join(text))

    def returning(self, expression: str) -> Function:
        """An expression of the arguments, of ``right``, the function, and of its ``result``."""
        given = ", ".join(self.arguments)
        return self._on_copies(
            f"def {self.name}({given}):\n    result = right({given})\n    return {expression}"
        )

    def in_place(self, statement: str) -> Function:
        """The right result, after which a statement changes the caller's own arguments."""
        given = ", ".join(self.arguments)
        return self._compiled(
            f"def {self.name}({given}):\n    result = right({given})\n"
            f"    {statement}\n    return result"
        )

    def _on_copies(self, text: str) -> Function:
        function = self._compiled(text)

        def slip(*case: Any, **named: Any) -> Any:
            return self._quietly(function, case, named)

        slip.__name__ = slip.__qualname__ = self.name
        return slip

    def _quietly(self, function: Function, case: tuple[Any, ...], named: dict[str, Any]) -> Any:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            return function(*self._copied(case), **self._copied(named))

    def _compiled(self, text: str) -> Function:
        scope = {**self._names, "right": self}
        exec(compile(text, f"<answer to {self.task}>", "exec"), scope)
        made: Function = scope[self.name]
        return made


def _itself(arguments: Any) -> Any:
    return arguments


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's, so that a message shows ``0.5`` and not ``np.float64(0.5)``."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (tuple, list):
        return type(value)(_plain(one) for one in value)
    if type(value) is dict:
        return {key: _plain(one) for key, one in value.items()}
    return value
