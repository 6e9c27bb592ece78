"""The plan for three readers: ``docs/plan.toml``, followed into the lessons, its minutes counted.

What is read, skipped and said aloud is chosen by hand; every minute comes from a header or from
the rule of ``minutes``. In a plan, ``"24"`` is a lesson, ``"24.2"`` its second sitting, and
``"24-interview"`` the section that begins at that cell and ends before the next heading. An answer
is said aloud only if the plan has its cell read, in the same entry or in an earlier one. ``bank``
names questions that are said aloud from the bank's page: each answer's words are read first.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from course_utils import paths
from course_utils.authoring import minutes
from course_utils.authoring.editions import edition_of, heading, sources
from course_utils.errors import CourseError
from course_utils.interview import bank
from course_utils.notebook import header

LIMITS = {"evenings": 90, "fortnight": 90, "semester": 360}
"""The plans, and the minutes that an entry of each holds at most: an evening, or a week."""

MINUTES_AN_ANSWER = 3
"""One to say it with a clock, one to compare it with the lesson's, one to say it again."""

_POINTER = re.compile(r"\d\d(\.\d+)?")
_HEADED = re.compile(r"#{1,6} ")
_ANSWER = re.compile(r"[Ss]ixty seconds")


@dataclass(frozen=True)
class Part:
    """A sitting of a lesson, or a section of it.

    Attributes:
        lesson: "24".
        sitting: its number.
        section: the section's heading; empty for the whole sitting.
    """

    lesson: str
    sitting: int
    section: str = ""


@dataclass(frozen=True)
class Entry:
    """An evening, or a week.

    Attributes:
        title: what it is about, by language: "en" and "zh".
        read: in the reader's order.
        skip: sections of what is read that are left out.
        say: lesson -> how many of its spoken answers are said aloud.
        bank: ids of the questions that are said aloud from the bank's page.
        minutes: of all that, rounded up to the next five.
    """

    title: Mapping[str, str]
    read: tuple[Part, ...]
    skip: tuple[Part, ...]
    say: Mapping[str, int]
    bank: tuple[str, ...]
    minutes: int

    @property
    def lessons(self) -> set[str]:
        """All that it names."""
        return {part.lesson for part in self.read} | set(self.say)


def plans() -> dict[str, list[Entry]]:
    """The plans by name, as the file has them.

    Raises:
        CourseError: one sentence for each pointer that leads nowhere, for each answer that is said
            before it is read, and for each evening or week that takes more than its minutes.
    """
    text = (paths.ROOT / "docs" / "plan.toml").read_text(encoding="utf-8")
    return follow(tomllib.loads(text))


def follow(data: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Entry]]:
    """The same for what a file would hold."""
    book = Book()
    complaints = []
    result: dict[str, list[Entry]] = {}
    for name, limit in LIMITS.items():
        result[name] = []
        known: set[str] = set()
        for number, raw in enumerate(data[name], start=1):
            try:
                entry = _entry(book, raw, known)
                if entry.minutes > limit:
                    raise CourseError(
                        f"it takes {entry.minutes} minutes, more than {limit}: move or skip a part."
                    )
            except CourseError as error:
                complaints.append(f"docs/plan.toml, {name} {number}: {error}")
            else:
                result[name].append(entry)
    if complaints:
        raise CourseError("\n".join(complaints))
    return result


class Book:
    """The lessons that the plans name, each opened once."""

    def __init__(self) -> None:
        self._headers = {one.number: one for one in header.lessons()}
        self._opened: dict[str, list[list[NotebookNode]]] = {}

    def minutes(self, number: str) -> tuple[int, ...]:
        """Of each sitting, by the lesson's header."""
        if number not in self._headers:
            raise CourseError(f"there is no lesson {number!r}.")
        return self._headers[number].sittings

    def cells(self, number: str) -> list[list[NotebookNode]]:
        """The cells of each sitting of the learner's edition."""
        self.minutes(number)
        if number not in self._opened:
            [source] = sources([number])
            self._opened[number] = minutes.split(edition_of(source, "notebooks"))
        return self._opened[number]

    def sitting(self, part: Part) -> list[NotebookNode]:
        """The cells of a whole sitting."""
        return self.cells(part.lesson)[part.sitting - 1]

    def section(self, pointer: str) -> tuple[Part, list[NotebookNode]]:
        """From this cell to the next heading: what it is, and its cells."""
        for sitting, cells in enumerate(self.cells(pointer[:2]), start=1):
            ids = [cell.id for cell in cells]
            if pointer in ids:
                first = ids.index(pointer)
                later = range(first + 1, len(cells))
                end = next((place for place in later if _headed(cells[place])), len(cells))
                return Part(pointer[:2], sitting, heading(cells[first])), cells[first:end]
        raise CourseError(f"there is no cell {pointer!r}.")

    def around(self, cell: str) -> tuple[Part, list[NotebookNode]]:
        """The section in which a cell stands: what it is, and its cells."""
        begins = ""
        for one in (each for sitting in self.cells(cell[:2]) for each in sitting):
            begins = one.id if _headed(one) else begins
            if one.id == cell:
                break
        return self.section(begins)


def _entry(book: Book, raw: Mapping[str, Any], known: set[str]) -> Entry:
    """An entry; ``known``, the cells that the plan has had read so far, grows by its cells."""
    skipped = [_section(book, pointer) for pointer in raw.get("skip", [])]
    read: list[Part] = []
    total = 0.0
    for pointer in raw["read"]:
        if "-" in pointer:
            part, cells = _section(book, pointer)
            read.append(part)
            known |= {cell.id for cell in cells}
            total += minutes.exact(cells)
            continue
        for part in _sittings(book, pointer):
            read.append(part)
            left_out = _left_out(part, skipped)
            known |= {cell.id for cell in book.sitting(part)} - left_out
            total += _minutes(book, part, left_out)
    whole = {(part.lesson, part.sitting) for part in read if not part.section}
    for part, _ in skipped:
        if (part.lesson, part.sitting) not in whole:
            raise CourseError(
                f"it skips {part.section!r}, but reads no sitting {part.sitting} of {part.lesson}."
            )
    say: dict[str, int] = {}
    for pointer in raw.get("say", []):
        part, [cell, *_] = book.section(pointer)
        answers = len(_ANSWER.findall(cell.source))
        if not answers:
            raise CourseError(f"cell {pointer!r} holds no answer of sixty seconds.")
        if pointer not in known:
            raise CourseError(
                f"{pointer!r} is said aloud before it is read: read its section or its sitting in "
                "this entry, or say it later."
            )
        say[part.lesson] = say.get(part.lesson, 0) + answers
        total += MINUTES_AN_ANSWER * answers
    asked = tuple(raw.get("bank", []))
    total += sum(MINUTES_AN_ANSWER + _answer(id) for id in asked)
    return Entry(
        title={"en": raw["en"], "zh": raw["zh"]},
        read=tuple(read),
        skip=tuple(part for part, _ in skipped),
        say=say,
        bank=asked,
        minutes=5 * math.ceil(total / 5),
    )


def _answer(id: str) -> float:
    """Minutes to read what is said within sixty seconds."""
    for one in bank():
        if one.id == id:
            return minutes.reading(one.answer["en"])
    raise CourseError(f"interview/ has no question {id!r}.")


def _section(book: Book, pointer: str) -> tuple[Part, list[NotebookNode]]:
    """A section that a reader can find: its first cell begins with a heading."""
    part, cells = book.section(pointer)
    if not _headed(cells[0]):
        raise CourseError(f"cell {pointer!r} does not begin with a heading.")
    return part, cells


def _sittings(book: Book, pointer: str) -> list[Part]:
    """What "24", a lesson, or "24.2", a sitting, stands for."""
    if not _POINTER.fullmatch(pointer):
        raise CourseError(f"{pointer!r} is no lesson ('24'), sitting ('24.2') or cell.")
    number, _, one = pointer.partition(".")
    there = len(book.minutes(number))
    if one and not 1 <= int(one) <= there:
        raise CourseError(f"lesson {number} has {there} sittings, no sitting {one}.")
    return [Part(number, sitting) for sitting in ([int(one)] if one else range(1, there + 1))]


def _left_out(part: Part, skipped: Sequence[tuple[Part, list[NotebookNode]]]) -> set[str]:
    """The cells of a sitting that stand in skipped sections."""
    return {
        cell.id
        for skip, cells in skipped
        if (skip.lesson, skip.sitting) == (part.lesson, part.sitting)
        for cell in cells
    }


def _minutes(book: Book, part: Part, left_out: set[str]) -> float:
    """Of a sitting: the header's, or the rule's without the cells that are left out."""
    if not left_out:
        return book.minutes(part.lesson)[part.sitting - 1]
    return minutes.exact([cell for cell in book.sitting(part) if cell.id not in left_out])


def _headed(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and bool(_HEADED.match(cell.source))
