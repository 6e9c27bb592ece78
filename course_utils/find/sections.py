"""What is searched: the learner's lessons and the pages, from heading to heading, and the bank.

What *Predict first* hides is searched as well, and marked: it must not be shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from course_utils.errors import CourseError
from course_utils.interview.bank import PAGES, questions

AFTER_GUESS = "after-guess"
"""The tag of a cell that tells the answer to a *Predict first* above it."""

Kind = Literal["asked", "prose", "code"]
Hidden = Literal["", "folded", "guess"]

_HEADING = re.compile(r"(#{1,6}) +(.+)")
_PART = re.compile(
    r"Sitting \d+(?= · )|(?:In one minute|The essential hour|Recap)$|Deeper(?=: )", re.IGNORECASE
)
"""Begins a part of a lesson."""
_LABEL = re.compile(
    r"^(?:(?:\d\d|Sitting \d+|Task(?: \d\d\.\d+)?(?: check)?) · |Deeper: )| \(\d+ minutes?\)$"
)
_SENTENCE = re.compile(r"(?<=[.?!][\"”*)\s])\s*(?=[\"“*(_A-Z`$])|(?<=[。？！；])")
_ITEM = re.compile(r"(?:[-*|>] ?|\d+\. )")


class Line(NamedTuple):
    """A sentence, a row of a table, a line of code or of what code printed.

    Attributes:
        text: as it stands in the file.
        cell: the id of its cell; empty on a page.
        kind: "code" holds what code printed, too; "asked" is a question in other words.
        hidden: "guess" if it opens after a *Predict first*, "folded" if it is code folded away.
    """

    text: str
    cell: str
    kind: Kind
    hidden: Hidden = ""


@dataclass(frozen=True)
class Section:
    """Where something stands: below a heading, to the next heading.

    Attributes:
        file: the lesson's name in ``notebooks/``, or a page's path from the root of the clone.
        title: of the lesson or page, without its number; of a question, its topic.
        part: of the lesson, as "sitting 2" or "the essential hour"; empty on a page and in a
            lesson's first cell.
        heading: without the words that say which sitting or task it is.
        cells: ids of the cells that begin in it.
        question: its id, if it is one of the bank's.
    """

    file: str
    title: str
    part: str
    heading: str
    cells: list[str]
    question: str = ""

    @property
    def lesson(self) -> str:
        """The lesson's number; empty for a page."""
        return self.file[:2] if self.file.endswith(".ipynb") else ""


Read = list[tuple[Section, list[Line]]]
"""Sections in the order of their file, each with its lines."""


def of_lesson(file: Path) -> Read:
    """The sections of a lesson's notebook.

    Raises:
        CourseError: if the file is damaged.
    """
    reader = _Reader(file.name)
    try:
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            reader.add_cell(cell)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        step = f"git checkout -- {file.parent.name}/{file.name}"
        raise CourseError(f"{file.name} is no notebook any more; bring it back: {step}") from error
    return reader.found


def of_page(file: Path, name: str) -> Read:
    """The sections of a Markdown page; ``name`` is its path from the root of the clone."""
    reader = _Reader(name)
    reader.add_markdown(file.read_text(encoding="utf-8"), cell="", hidden="")
    return reader.found


def of_bank(file: Path) -> Read:
    """The questions of a topic, each with all that is said of it in both languages.

    Raises:
        CourseError: if the file does not have the bank's form.
    """
    found: Read = []
    for one in questions(file.name, file.read_text(encoding="utf-8")):
        title = f"{one.topic['en']} · {one.topic['zh']}"
        section = Section(PAGES["en"], title, "", one.asked["en"], [], one.id)
        # `find` tells the first lines: the question in Chinese, the answers, what is added.
        follow_ups = (f"{then.asked} {then.answer}" for then in one.follow_ups)
        rubric = (point for _, point in one.rubric)
        said = (*one.answer.values(), one.senior, one.staff, *follow_ups, *rubric, one.sinks)
        lines = [Line(one.asked["zh"], "", "asked"), *(Line(text, "", "prose") for text in said)]
        found.append((section, lines))
    return found


class _Reader:
    """Takes in a file from top to bottom."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: Read = []

    def add_cell(self, cell: dict[str, Any]) -> None:
        text, name = "".join(cell["source"]), cell["id"]
        hidden: Hidden = "guess" if AFTER_GUESS in cell["metadata"].get("tags", []) else ""
        before = len(self.found)
        if cell["cell_type"] == "markdown":
            self.add_markdown(text, name, hidden)
        elif cell["cell_type"] == "code":
            folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            self._add(text.splitlines(), name, "code", "folded" if folded else "")
            self._add(_printed(cell), name, "code", hidden)
        # A cell with headings belongs to what these begin, not to the section that ends in it.
        for section, _ in self.found[before:] or self.found[-1:]:
            section.cells.append(name)

    def add_markdown(self, text: str, cell: str, hidden: Hidden) -> None:
        for block, is_code in _blocks(text):
            heading = None if is_code else _HEADING.fullmatch(block)
            if heading:
                self._begin(heading.group(2).strip())
            elif is_code:
                self._add([block], cell, "code", hidden)
            else:
                self._add(_SENTENCE.split(block), cell, "prose", hidden)

    def _begin(self, heading: str) -> None:
        plain = _LABEL.sub("", _LABEL.sub("", heading))
        title, part = plain, ""
        if self.found:
            title, part = self.found[0][0].title, self.found[-1][0].part
        if begins := _PART.match(heading):
            part = begins.group().lower()
        self.found.append((Section(self.file, title, part, plain, []), []))

    def _add(self, texts: Iterable[str], cell: str, kind: Kind, hidden: Hidden) -> None:
        if self.found:
            lines = (Line(text.strip(), cell, kind, hidden) for text in texts)
            self.found[-1][1].extend(line for line in lines if line.text)


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """A heading, a paragraph, an item, a table's row, or a line of code; and whether it is code."""
    paragraph: list[str] = []
    fenced = False
    for line in text.splitlines():
        fence = line.startswith("```")
        alone = fence or fenced or _HEADING.match(line)
        if paragraph and (alone or not line.strip() or _ITEM.match(line)):
            yield " ".join(paragraph), False
            paragraph = []
        if fence:
            fenced = not fenced
        elif alone:
            yield line, fenced
        elif line.strip():
            paragraph.append(line.strip())
    if paragraph:
        yield " ".join(paragraph), False


def _printed(cell: dict[str, Any]) -> list[str]:
    """What a code cell printed, by line; tables and pictures are left out."""
    return [
        line
        for output in cell["outputs"]
        if output["output_type"] == "stream"
        for line in "".join(output["text"]).splitlines()
    ]
