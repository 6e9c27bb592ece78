"""What a notebook calls: ``check``, ``grade_check``, ``hint``, ``solution``.

They show, and they remember.
"""

from __future__ import annotations

import html
import re
from typing import Any

from course_utils.exercises import progress
from course_utils.exercises.engine import TRIES_BEFORE_SOLUTION
from course_utils.exercises.finding import task as find_task
from course_utils.exercises.markers import GRADED

_LOOKS = {
    "correct": ("✓", "#2e7d32"),
    "incorrect": ("✗", "#c77700"),
    "not attempted": ("…", "#8a8a8a"),
    "error": ("!", "#c62828"),
}


class Box:
    """A short message with a coloured edge; plain text where there is no HTML.

    The text takes the page's own colour, so that it can be read in a dark theme too; what
    stands between backticks is code.
    """

    def __init__(self, title: str, text: str, colour: str, code: bool = False) -> None:
        self.title = title
        self.text = text
        self.colour = colour
        self.code = code

    def __repr__(self) -> str:
        return f"{self.title}\n{self.text}"

    def _repr_html_(self) -> str:
        if self.code:
            body = f"<pre>{html.escape(self.text)}</pre>"
        else:
            body = "".join(map(_line, self.text.split("\n")))
        return (
            f'<div style="border-left: 4px solid {self.colour}; padding: 0.3em 0.8em; '
            f'margin: 0.2em 0; max-width: 46em">'
            f"<strong>{html.escape(self.title)}</strong>{body}</div>"
        )


def _line(text: str) -> str:
    """A line of a box: indented ones are code, backticks hold code."""
    escaped = html.escape(text)
    if text.startswith("    "):
        return f'<pre style="margin: 0 0 0 1em">{escaped.strip()}</pre>'
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
    return f'<div style="margin-top: 0.3em">{marked}</div>'


def check(task_id: str, answer: Any) -> None:
    """Check an answer, show the verdict, and remember it.

    From the second failure on the verdict brings a hint with it, one more each time.
    """
    verdict = find_task(task_id).check(answer)
    failures = progress.record_check(task_id, verdict.status, verdict.erratum)
    text = verdict.message
    if verdict.status in ("incorrect", "error"):
        text += _help_after(task_id, failures)
    mark, colour = _LOOKS[verdict.status]
    _display(Box(f"{mark} {task_id} · {verdict.status}", text, colour))


def grade_check(task_id: str, my_check: Any) -> None:
    """Grade the learner's own check of a task, on right answers and on wrong ones.

    Args:
        task_id: of the task that the check is for.
        my_check: takes an answer to that task; an exception or False refuses it.
    """
    check(f"{task_id}{GRADED}", my_check)


def hint(task_id: str, level: int | None = None) -> None:
    """Show a hint: the next one not seen yet, or the one asked for."""
    task = find_task(task_id)
    if level is None:
        level = min(progress.state(task_id).hints + 1, 3)
    text = task.hint(level)
    progress.record_hint(task_id, level)
    _display(Box(f"{task_id} · hint {level} of 3", text, "#0072b2"))


def solution(task_id: str, force: bool = False) -> None:
    """Show the lesson's own answer once the task is solved or was tried three times."""
    state = progress.state(task_id)
    task = find_task(task_id)
    text = task.solution(force=force, failures=state.failures, solved=state.solved)
    opened = force or state.solved or state.failures >= TRIES_BEFORE_SOLUTION
    if opened:
        progress.record_solution(task_id, forced=force)
    _display(Box(f"{task_id} · solution", text, "#0072b2", code=opened))


def _help_after(task_id: str, failures: int) -> str:
    """What a verdict adds after so many failures: nothing, hints 1 to 3, the solution."""
    if failures < 2:
        return f'\nStuck? `hint("{task_id}")` says more.'
    level = min(failures - 1, 3)
    text = f"\nHint {level}: {find_task(task_id).hint(level)}"
    progress.record_hint(task_id, level)
    if failures >= TRIES_BEFORE_SOLUTION:
        text += f'\n`solution("{task_id}")` is open now.'
    return text


def _display(box: Box) -> None:
    from IPython.display import display

    display(box)
