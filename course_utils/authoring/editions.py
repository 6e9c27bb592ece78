"""One lesson source in, two notebooks out: with the answers, and with blanks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import jupytext
import nbformat
from nbformat import NotebookNode

from course_utils import paths
from course_utils.authoring import form, guesses
from course_utils.errors import CourseError
from course_utils.exercises import markers
from course_utils.interview import bank
from course_utils.interview.lesson import filled

Edition = Literal["solutions", "notebooks"]

DROPPED: dict[Edition, set[str]] = {
    "solutions": {"task", "wrong"},
    "notebooks": {"solution", "wrong"},
}
"""Cells with one of these tags are left out of the edition."""

TAGS = {"task", "solution", "wrong", "real-data", "live", "folded", guesses.TAG}
NOT_COMPARED = "nbval-ignore-output"

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_FILE_NAME = re.compile(r"(\d\d)_[a-z0-9_]+")
_CELL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_SITTING = re.compile(r"Sitting \d+ · ")
_TIME = re.compile(r" \(\d+ minutes?\)$")


class SourceError(CourseError):
    """A lesson source that cannot become a notebook: file, cell and reason."""


def sources(numbers: list[str] | None = None) -> list[Path]:
    """The sources of these lessons, or of all, in order.

    Raises:
        SourceError: for a number without a source.
    """
    every = sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*.py"))
    if not numbers:
        return every
    by_number = {source.name[:2]: source for source in every}
    for number in numbers:
        if number not in by_number:
            raise SourceError(f"There is no lesson {number!r}: there are {', '.join(by_number)}.")
    return [by_number[number] for number in numbers]


def target(source: Path, edition: Edition) -> Path:
    """Where an edition of a source is written."""
    return source.parent.parent / edition / f"{source.stem}.ipynb"


def edition_of(source: Path, edition: Edition) -> NotebookNode:
    """An edition of a lesson, without outputs.

    Raises:
        SourceError: for an odd marker, an unknown tag, a name used twice, an answer without
            its check, a first cell that is not the lesson's title, a *Predict first* whose
            answer stays open, or a question that the bank does not have or shows elsewhere.
    """
    found = _FILE_NAME.fullmatch(source.stem)
    if not found:
        raise SourceError(f"{source.name}: name a lesson like 51_recommender.py.")
    number = found.group(1)
    parsed = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    cells = [cell for cell in parsed.cells if cell.cell_type != "raw"]
    if not cells or not cells[0].source.startswith(f"# {number} · "):
        raise SourceError(f"{source.name}: the first cell must be the title, '# {number} · ...'.")

    if wrong := guesses.problem(cells):
        raise SourceError(f"{source.name}, {wrong}")

    ids = _ids(cells, number, source.name)
    _ask(cells, ids, number, source.name)
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    for cell, cell_id in zip(cells, ids, strict=True):
        tags = set(cell.metadata.get("tags", []))
        where = _where(cell, source.name)
        if tags - TAGS:
            raise SourceError(f"{where}: unknown tag {', '.join(sorted(tags - TAGS))}.")
        if tags & DROPPED[edition]:
            continue
        notebook.cells.append(_cell(cell, cell_id, tags, edition, where))
    if edition == "notebooks":
        guesses.fold(notebook.cells)
    form.fold(notebook.cells)
    return notebook


def heading(cell: NotebookNode) -> str:
    """The heading in a cell that a reader looks for: not the sitting's, if there is another."""
    found = _HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
    own = [one for one in found if not _SITTING.match(one)] or found
    return _TIME.sub("", _SITTING.sub("", own[0])) if own else ""


def _where(cell: NotebookNode, file: str) -> str:
    return f"{file}, cell {cell.metadata.get('name') or cell.source.splitlines()[0]!r}"


def _ids(cells: list[NotebookNode], number: str, file: str) -> list[str]:
    """From names, and from the last name above where a cell has none."""
    ids: list[str] = []
    names: set[str] = set()
    anchor, since_anchor = "start", 0
    for cell in cells:
        name = cell.metadata.get("name", "")
        if name in names or (name and not _CELL_NAME.fullmatch(name)):
            raise SourceError(f"{_where(cell, file)}: a name is used once and is like 'task-3'.")
        if name:
            names.add(name)
            anchor, since_anchor = name, 0
            ids.append(f"{number}-{name}")
        else:
            since_anchor += 1
            ids.append(f"{number}-{anchor}-{since_anchor}")
    return ids


def _ask(cells: list[NotebookNode], ids: list[str], number: str, file: str) -> None:
    """Put the bank's questions in the place of their markers."""
    headings, above = {}, ""
    for cell, cell_id in zip(cells, ids, strict=True):
        above = heading(cell) or above
        headings[cell_id] = above
    texts = [cell for cell in cells if cell.cell_type == "markdown"]
    try:
        told = filled([cell.source for cell in texts], number, headings, bank())
    except CourseError as error:
        raise SourceError(f"{file}: {error}") from error
    for cell, text in zip(texts, told, strict=True):
        cell.source = text


def _cell(
    cell: NotebookNode, cell_id: str, tags: set[str], edition: Edition, where: str
) -> NotebookNode:
    text = cell.source
    if cell.cell_type == "code":
        try:
            has_answer = markers.split(text) is not None
            text = (
                markers.with_blank(text)
                if edition == "notebooks"
                else markers.without_markers(text)
            )
        except markers.MarkerError as error:
            raise SourceError(f"{where}: {error}") from error
        if has_answer and markers.task_id(cell.source) is None:
            raise SourceError(f'{where}: an answer cell ends with check("NN.K", answer).')
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    # The formatter wants two blank lines after a function; on a page one is calmer.
    built = make(re.sub(r"\n{3,}", "\n\n", text))
    built["id"] = cell_id
    if "live" in tags:
        tags = tags | {NOT_COMPARED}
    if "folded" in tags:
        # The picture first: its code opens with a click.
        built.metadata["jupyter"] = {"source_hidden": True}
    if tags:
        built.metadata["tags"] = sorted(tags)
    return built
