"""*Predict first*: in the learner's edition, what tells the answer stays closed until asked for.

JupyterLab folds a cell by its metadata, and opens it when it is run or clicked. Of what it
folds it shows the first line: of a text, of what was printed, of a figure's alt text. So the
first line is made to tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from course_utils.exercises import markers

TAG = "after-guess"
"""Of a cell that tells the answer to a *Predict first* above it."""

FIRST_LINE = "Compare with your guess:"
"""What a folded text shows of itself."""

NEXT_LINE = "More on the same guess:"
"""What a further folded text shows, where several stand behind one guess."""

COVER = nbformat.v4.new_output("display_data")
"""An output of nothing; in front of the others, all that JupyterLab shows of them is dots."""

_QUESTION = "**Predict first"
_HEADING = re.compile(r"#{1,6} ")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def is_tagged(cell: NotebookNode) -> bool:
    """Does this cell tell the answer to a *Predict first*?"""
    return TAG in cell.metadata.get("tags", [])


def problem(cells: list[NotebookNode]) -> str | None:
    """What is wrong with the tags of a lesson's cells: the cell and a sentence, or None.

    A *Predict first* needs a tagged code cell before the next heading, task or *Predict
    first*, and a tagged cell a *Predict first* before it in its section.
    """
    asked = False
    waiting = ""
    for cell, what in _events(cells):
        if what == "answer":
            if not asked:
                return f"{_name(cell)}: tagged {TAG!r} without '{_QUESTION}' above in its section."
            if cell.cell_type == "code":
                waiting = ""
            elif any(_what(line) for line in _lines(cell)):
                return (
                    f"{_name(cell)}: tagged {TAG!r}, so it is folded; give the heading or "
                    f"'{_QUESTION}' in it a cell of its own."
                )
        elif waiting:
            return f"{waiting}: tag a code cell below it {TAG!r}, before the next {what}."
        elif what == "Predict first":
            asked, waiting = True, _name(cell)
        elif what == "heading":
            asked = False
    return f"{waiting}: tag a code cell below it {TAG!r}." if waiting else None


def _events(cells: list[NotebookNode]) -> Iterator[tuple[NotebookNode, str]]:
    """What matters to a guess, in the reader's order."""
    for cell in cells:
        if is_tagged(cell):
            yield cell, "answer"
        elif cell.cell_type == "markdown":
            yield from ((cell, what) for what in map(_what, _lines(cell)) if what)
        elif markers.task_id(cell.source):
            yield cell, "task"


def _what(line: str) -> str | None:
    if _QUESTION in line:
        return "Predict first"
    return "heading" if _HEADING.match(line) else None


def _lines(cell: NotebookNode) -> list[str]:
    return _FENCED.sub("", cell.source).splitlines()


def _name(cell: NotebookNode) -> str:
    return f"cell {cell.metadata.get('name') or cell.source.splitlines()[0]!r}"


def fold(cells: list[NotebookNode]) -> None:
    """Fold the texts, and the outputs of code cells, that tell an answer, in place."""
    line = FIRST_LINE
    for cell, what in _events(cells):
        if what == "Predict first":
            line = FIRST_LINE
        if what != "answer":
            continue
        hidden = "outputs_hidden"
        if cell.cell_type == "markdown":
            hidden = "source_hidden"
            cell.source = f"{line}\n\n{cell.source}"
            line = NEXT_LINE
        cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), hidden: True}


def lacks_cover(cell: NotebookNode) -> bool:
    """Would JupyterLab show the first line of an output that it folds?"""
    folded = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
    return folded and bool(cell.outputs) and cell.outputs[0] != COVER


def cover(notebook: NotebookNode) -> None:
    """Put the cover in front of all folded outputs, in place."""
    for cell in notebook.cells:
        if lacks_cover(cell):
            cell.outputs.insert(0, nbformat.from_dict(COVER))
