"""Where an answer begins and ends in a lesson's source. Standard library only.

An answer cell holds one marked region and one call of ``check``::

    def top_n(algo, user, n):
        ### BEGIN SOLUTION
        ...
        return best
        ### END SOLUTION


    check("51.3", top_n)
"""

from __future__ import annotations

import ast
import re
import textwrap

from course_utils.errors import CourseError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
TODO = "  # your code here"
GRADED = " check"
"""After a task's id: the task of writing a check for it, ``"53.4 check"``."""

_LIKE_A_MARKER = re.compile(r"#+\W*(begin|end)\W*solution", re.IGNORECASE)
_CHECK_CALL = re.compile(r"""^(grade_)?check\(\s*["'](\d\d\.\d+)["']""", re.MULTILINE)


class MarkerError(CourseError):
    """A marker that is misspelt, unclosed, stray or nested: the build stops."""


def task_id(cell: str) -> str | None:
    """The task that a cell checks, or None; ``grade_check("53.4", ...)`` is "53.4 check"."""
    found = _CHECK_CALL.search(cell)
    return found.group(2) + (GRADED if found.group(1) else "") if found else None


def split(cell: str) -> tuple[str, str, str] | None:
    """A cell as text before, inside and after its marked region; None without markers.

    Raises:
        MarkerError: naming the line that is odd.
    """
    lines = cell.splitlines()
    begin = end = None
    for number, line in enumerate(lines):
        if not _LIKE_A_MARKER.search(line):
            continue
        where = f"line {number + 1}: {line.strip()!r}"
        if line.strip() not in (BEGIN, END):
            raise MarkerError(f"Odd marker in {where}; write {BEGIN!r} or {END!r} alone.")
        if line.strip() == BEGIN:
            if begin is not None:
                raise MarkerError(f"A second region begins in {where}; a cell has one.")
            begin = number
        else:
            if begin is None or end is not None:
                raise MarkerError(f"A region ends without a beginning in {where}.")
            end = number
    if begin is None:
        return None
    if end is None:
        raise MarkerError(f"The region that begins in line {begin + 1} is never closed.")
    inside = "\n".join(lines[begin + 1 : end])
    if not inside.strip():
        raise MarkerError(f"The region that begins in line {begin + 1} is empty.")
    return "\n".join(lines[:begin]), inside, "\n".join(lines[end + 1 :])


def without_markers(cell: str) -> str:
    """The cell with its answer, the marker lines dropped."""
    parts = split(cell)
    return cell if parts is None else "\n".join(part for part in parts if part)


def with_blank(cell: str) -> str:
    """The cell with its answer replaced by a blank."""
    parts = split(cell)
    if parts is None:
        return cell
    before, inside, after = parts
    return "\n".join(part for part in (before, blank(inside), after) if part)


def blank(inside: str) -> str:
    """The blank for a region: ``return ...``, ``name = ...`` or ``...``, at its indent.

    Raises:
        MarkerError: if the region is not Python, or ends with a ``def``, whose line the
            learner needs to see.
    """
    first = next(line for line in inside.splitlines() if line.strip())
    indent = first[: len(first) - len(first.lstrip())]
    try:
        last = ast.parse(textwrap.dedent(inside)).body[-1]
    except (SyntaxError, IndexError) as error:
        raise MarkerError(f"The marked region is not whole statements: {error}.") from error
    if isinstance(last, (ast.FunctionDef, ast.ClassDef)):
        raise MarkerError(f"Keep the line 'def {last.name}' outside the marked region.")
    if isinstance(last, ast.Return):
        return f"{indent}return ...{TODO}"
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        return f"{indent}{last.targets[0].id} = ...{TODO}"
    return f"{indent}...{TODO}"
