"""How long a lesson takes: one rule, and what breaks it.

A sitting takes a minute for every 150 words, for every 10 lines of code to read, for every figure
or table and for every *Predict first*, and the minutes that its tasks state; rounded up to the
next five. A sitting has at most 60. Readers of eight lessons in November 2026 counted 1.2 to 1.5
times what 20 lines a minute and guesses without time had given.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.authoring import form
from course_utils.authoring.editions import edition_of
from course_utils.errors import CourseError
from course_utils.notebook import header

WORDS_A_MINUTE = 150
LINES_A_MINUTE = 10
MINUTES_A_FIGURE = 1
MINUTES_A_GUESS = 1
LONGEST = 60

_SITTING = re.compile(r"^## Sitting (\d+) · ", re.MULTILINE)
_TASK = re.compile(r"^### Task .*\((\d+) minutes?\)$", re.MULTILINE)
_UNTIMED = re.compile(r"^### Task (?!.*\(\d+ minutes?\)$).*$", re.MULTILINE)
_END = re.compile(r"^\*\*End of sitting", re.MULTILINE)
_RECAP = re.compile(r"^## Recap", re.MULTILINE)
_GUESS = re.compile(r"\*\*Predict first\.\*\*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"\w[\w'.,-]*")


@dataclass(frozen=True)
class Sitting:
    """What a sitting asks of a reader.

    Attributes:
        words: of text, tables included; two Chinese characters are a word.
        lines: of code to read: not blank, not in a folded cell.
        figures: figures and tables.
        guesses: how often it asks to predict first.
        tasks: minutes that the headings of its tasks state.
        closed: whether its last text says that it is an end.
    """

    words: int
    lines: int
    figures: int
    guesses: int
    tasks: int
    closed: bool

    @property
    def exact(self) -> float:
        """Minutes by the rule, not rounded."""
        reading = self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE
        looking = MINUTES_A_FIGURE * self.figures + MINUTES_A_GUESS * self.guesses
        return reading + looking + self.tasks

    @property
    def minutes(self) -> int:
        """Minutes by the rule, rounded up to the next five."""
        return 5 * math.ceil(self.exact / 5)


def sittings(notebook: NotebookNode) -> list[Sitting]:
    """The sittings of a lesson, counted in its learner's edition; outputs are not looked at.

    Raises:
        CourseError: as ``split``.
    """
    parts = split(notebook)
    return [_count(part, last=part is parts[-1]) for part in parts]


def exact(cells: list[NotebookNode]) -> float:
    """Minutes of these cells by the rule, not rounded."""
    return _count(cells, last=True).exact


def reading(text: str) -> float:
    """Minutes to read a text by the rule, not rounded."""
    return _words(text) / WORDS_A_MINUTE


def split(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """The cells of each sitting of a lesson.

    A sitting begins with a cell ``## Sitting 2 · Title``; what stands before the first belongs
    to the first. A lesson without such cells is one sitting. For the third edition see ``form``.

    Raises:
        CourseError: if sittings are not numbered 1, 2, 3, or one does not begin a cell.
    """
    parts: list[list[NotebookNode]] = [[]]
    begun = 0
    if header.read("the lesson", notebook.cells[0].source).essential:
        return form.split(notebook)
    for cell in notebook.cells:
        found = list(_SITTING.finditer(cell.source)) if cell.cell_type == "markdown" else []
        if found:
            begun += 1
            if len(found) > 1 or found[0].start() > 0 or int(found[0].group(1)) != begun:
                raise CourseError(
                    f"cell {cell.id}: '## Sitting {begun} · Title' must be the cell's first line, "
                    "and sittings are numbered 1, 2, 3."
                )
            if begun > 1:
                parts.append([])
        parts[-1].append(cell)
    return parts


def broken(source: Path) -> list[str]:
    """The complaints about a lesson's source."""
    return complaints(edition_of(source, "notebooks"), f"solutions/{source.name}")


def complaints(notebook: NotebookNode, where: str) -> list[str]:
    """One sentence for each way in which a lesson breaks the rule; none if it keeps it.

    Args:
        notebook: its learner's edition.
        where: the lesson's source, for the sentences.
    """
    try:
        lesson = header.read("the lesson", notebook.cells[0].source)
        found = sittings(notebook)
    except CourseError as error:
        return [f"{where}: {error}"]
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    result = [
        f"{where}: '{heading}' must end with its minutes, like '(10 minutes)'."
        for text in texts
        for heading in _UNTIMED.findall(text)
    ]
    said = header.column(lesson.sittings)
    given = header.column(tuple(one.minutes for one in found))
    if said != given:
        result.append(f"{where}: the header says {said} minutes; the rule gives {given}.")
    if lesson.essential:
        return result + form.complaints(notebook, [one.minutes for one in found], where)
    for number, one in enumerate(found, start=1):
        if one.minutes > LONGEST:
            result.append(
                f"{where}: sitting {number} takes {one.minutes} minutes, more than {LONGEST}: "
                f"shorten it, or begin another with a cell '## Sitting {number + 1} · Title'."
            )
        if not one.closed:
            end = (
                "a cell '## Recap'"
                if number == len(found)
                else f"a text with a line '**End of sitting {number}.** ...' as its last"
            )
            result.append(f"{where}: sitting {number} has no end; it needs {end}.")
    return result


def _count(cells: list[NotebookNode], last: bool) -> Sitting:
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    code = [cell for cell in cells if cell.cell_type == "code"]
    closed = any(_RECAP.search(one) for one in texts) if last else bool(_END.search(texts[-1]))
    return Sitting(
        words=sum(_words(text) for text in texts),
        lines=sum(_lines(cell.source) for cell in code if not _folded(cell)),
        figures=sum(_figures(cell.source) for cell in code),
        guesses=sum(len(_GUESS.findall(text)) for text in texts),
        tasks=sum(int(minutes) for text in texts for minutes in _TASK.findall(text)),
        closed=closed,
    )


def _words(text: str) -> int:
    chinese = len(_CHINESE.findall(text))
    return len(_WORD.findall(_CHINESE.sub(" ", text))) + math.ceil(chinese / 2)


def _lines(code: str) -> int:
    return sum(bool(line.strip()) for line in code.splitlines())


def _folded(cell: NotebookNode) -> bool:
    return "folded" in cell.metadata.get("tags", [])


def _figures(code: str) -> int:
    """Calls of ``show``, ``slide`` and ``forest``, and one for a last expression that is a table.

    A last expression that only calls a function by its bare name (``check``, ``print``,
    ``show``, ``slide``, ``forest``) is no table.
    """
    tree = ast.parse(code)
    shown = sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("show", "slide", "forest")
        for node in ast.walk(tree)
    )
    last = tree.body[-1] if tree.body else None
    table = isinstance(last, ast.Expr) and not (
        isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name)
    )
    return shown + table
