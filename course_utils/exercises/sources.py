"""The lesson's own answers, read from its source: the text that the tests run."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exercises import markers

_CELL_HEADER = re.compile(r"^# %%.*$", re.MULTILINE)


def lesson_source(number: str) -> Path:
    """The source file of lesson ``"51"``.

    Raises:
        CourseError: if there is none, as where only the learner's edition was handed out.
    """
    found = sorted(paths.SOLUTIONS.glob(f"{number}_*.py"))
    if not found:
        raise CourseError(
            f"The source of lesson {number} is not in {paths.SOLUTIONS.name}/: "
            "get it with `git checkout solutions`, or ask whoever gave you the lesson."
        )
    return found[0]


def code_cells(number: str) -> list[str]:
    """The code cells of a lesson's source, in order."""
    text = lesson_source(number).read_text(encoding="utf-8")
    headers = list(_CELL_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        text[header.end() : end].strip("\n")
        for header, end in zip(headers, ends, strict=True)
        if "[markdown]" not in header.group()
    ]


def answer_cell(task_id: str) -> str:
    """The source cell that holds a task's answer and its check.

    Raises:
        CourseError: if the lesson has no such cell.
    """
    for cell in code_cells(task_id.split(".")[0]):
        if markers.task_id(cell) == task_id and markers.split(cell) is not None:
            return cell
    raise CourseError(f"The source of lesson {task_id.split('.')[0]} marks no answer to {task_id}.")


def solution_text(task_id: str) -> str:
    """The marked answer with the lines around it, without the check."""
    lines = markers.without_markers(answer_cell(task_id)).splitlines()
    kept = [line for line in lines if not line.startswith(("check(", "grade_check("))]
    return textwrap.dedent("\n".join(kept)).strip()
