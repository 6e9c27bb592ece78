"""The sections that answer a query, best first, and how they are shown.

A section scores as its best cell does, plus a part of what its lesson scores: a lesson on a
subject has the better answer than a lesson that names it. A question of the bank stands alone: its
topic says nothing of its answer. What stands behind a *Predict first* is found, and its line is
kept back.
"""

from __future__ import annotations

import html
import os
import re
import textwrap
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from course_utils import paths
from course_utils.desk.glossary import Term
from course_utils.errors import CourseError
from course_utils.find import query
from course_utils.find.library import Library, current
from course_utils.find.query import Query
from course_utils.find.sections import Line, Section
from course_utils.find.words import is_chinese, runs, words
from course_utils.interview.bank import PAGES, Language, asked_with, bank, shown

N_TERMS = 2
N_HITS = 4
"""Of the bank's questions, and as many in lessons and pages."""

WIDTH = 100
"""Columns of a terminal."""

OVERVIEW = 0.5
"""Of a lesson's first cell, which names all that comes and answers nothing."""

LESSON, BEST_OF_LESSON = 0.5, 6
"""A section gains this part of the mean of the best sections of its lesson or page."""

_EMPHASIS = re.compile(r"(?<!\w)\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}(?!\w)")
_ID = re.compile(r"[a-z]{2,3}-\d\d")
KEPT_BACK = "behind a Predict first: guess, run the cell, and it opens"


@dataclass(frozen=True)
class Hit:
    """A section that answers.

    Attributes:
        section: the whole of it; ``section.cells`` are its cells.
        cell: id of the cell that answers best; empty on a page.
        line: the line in it that answers best, or where to look if it must not be shown; of one of
            the bank's questions, where its answer is and the question in Chinese.
    """

    section: Section
    cell: str
    line: str

    @property
    def place(self) -> str:
        """Lesson and part, the question's id, or the page's path."""
        if not self.section.lesson:
            return self.section.question or self.section.file
        return self.section.lesson + (f" · {self.section.part}" if self.section.part else "")


@dataclass(frozen=True)
class Answer:
    """What ``find`` returns: text for a terminal, a table with links in a notebook.

    Attributes:
        asked: the query.
        terms: of the glossary, those it names.
        aloud: the bank's questions, best first: a sentence as it is spoken has few words of the
            lessons, whose many cells would leave no place to the answer that can be said.
        told: the sixty seconds of the first of these, and what is added, if its id was asked for.
        hits: in lessons and pages, best first.
        corrected: what was typed -> the word looked for in its place.
        unknown: words that the course does not have.
    """

    asked: str
    terms: list[Term]
    aloud: list[Hit]
    told: list[str]
    hits: list[Hit]
    corrected: dict[str, str]
    unknown: list[str]

    def __repr__(self) -> str:
        lines = [row for one in self._said() for row in textwrap.wrap(one, WIDTH - 20)]
        for name, hits in self._lists():
            lines.append(name)
            for number, hit in enumerate(hits, start=1):
                head = f"{number:>2}  {hit.place} · {hit.section.heading}"
                room = WIDTH - len(hit.cell) - 2 if hit.cell else WIDTH
                lines.append((_fit(head, room) + f"  {hit.cell}").rstrip())
                lines.append(_fit(f"    {hit.line}", WIDTH).rstrip())
                for text in self.told if hit is self._first() else []:
                    lines += ["", *(f"    {row}" for row in _rows(_plain(text), WIDTH - 4))]
                if hit is self._first():
                    lines.append("")
        lessons = [one.section.lesson for one in self.hits if one.section.lesson]
        if self.aloud:
            if len(self.told) == 1:
                id = self.aloud[0].section.question
                lines.append(f"What a senior adds: python -m course_utils find {id}")
            topic = self.aloud[0].section.title.split(" · ")[0]
            lines.append(f'To be asked: python -m course_utils interview --topic "{topic}"')
        elif lessons:
            lines.append(f"To open lesson {lessons[0]}: python -m course_utils lab {lessons[0]}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{html.escape(one)}</p>" for one in self._said())
        rows = "".join(
            f'<tr><td style="text-align:left">{html.escape(hit.place)}</td>'
            f'<td style="text-align:left"><a href="{html.escape(_link(hit))}">'
            f"{html.escape(hit.section.heading)}</a><br>{html.escape(hit.line)}"
            + "".join(
                f"<p>{html.escape(_plain(text))}</p>"
                for text in (self.told if hit is self._first() else [])
            )
            + "</td></tr>"
            for _, hits in self._lists()
            for hit in hits
        )
        return f"{said}<table>{rows}</table>" if rows else said

    def _first(self) -> Hit | None:
        """Whose answer is told."""
        return self.aloud[0] if self.aloud else None

    def _lists(self) -> list[tuple[str, list[Hit]]]:
        """Those that hold something."""
        both = [("Answers to say aloud", self.aloud), ("Lessons", self.hits)]
        return [(name, hits) for name, hits in both if hits]

    def _said(self) -> list[str]:
        """What comes before the hits: corrections, terms, or that there is none."""
        said = [
            f"No lesson has the word {typed!r}; looked for {meant!r}."
            for typed, meant in self.corrected.items()
        ]
        if self.unknown and self._lists():
            said.append(f"Not in the course: {', '.join(self.unknown)}. The rest was looked for.")
        said += [
            f"Glossary: {one.english} · {one.chinese}: {one.meaning}"
            for one in self.terms[:N_TERMS]
        ]
        if not self._lists():
            near = query.nearest(self.asked)
            hint = f"Did you mean {' or '.join(near)}?" if near else "Try the field's word for it."
            said.append(f"Nothing found for {self.asked!r}. {hint}")
        return said


def find(text: str) -> Answer:
    """Look for words or a question, in English or Chinese, or for the id of one of the bank's.

    In a notebook the answer is a table whose links open a lesson at the cell.

    Raises:
        CourseError: if there is nothing to look for, no question with the id, or a file of the
            course is damaged.
    """
    if not text.strip():
        raise CourseError('Say what to find: python -m course_utils find "gate collapse"')
    library = current()
    language: Language = "zh" if any(map(is_chinese, runs(text))) else "en"
    if _ID.fullmatch(id := text.strip().lower()) and (found_by_id := _of_id(library, id)):
        return found_by_id
    asked = query.read(text, library.index.postings, library.spelled)
    found: dict[bool, list[int]] = {True: [], False: []}
    for at in _ranked(library, asked):
        found[bool(library.sections[library.section_of[at]].question)].append(at)
    aloud, hits = (
        [_hit(library, at, asked, language) for at in found[one][:N_HITS]] for one in found
    )
    told = [_bank_lines(library, found[True][0])[language]] if aloud else []
    return Answer(text.strip(), asked.terms, aloud, told, hits, asked.corrected, asked.unknown)


def _of_id(library: Library, id: str) -> Answer | None:
    """One of the bank's questions, what is asked with it, and the cells that show it.

    None if no topic's ids begin so, for then it is a word like another.

    Raises:
        CourseError: if the topic has no such question.
    """
    named = {one.id: one for one in bank()}
    topic = sorted(one for one in named if one.split("-")[0] == id.split("-")[0])
    if not topic:
        return None
    if id not in named:
        raise CourseError(
            f"The bank has no {id}; its ids there go from {topic[0]} to {topic[-1]}, "
            f"and {PAGES['en']} lists them."
        )
    places = {
        library.sections[number].question or (lines[0].cell if lines else ""): at
        for at, number in enumerate(library.section_of)
        for lines in [library.lines(at)]
    }
    asked = query.read(named[id].asked["en"], library.index.postings, library.spelled)
    ids = [id, *asked_with(named[id], bank())]
    aloud = [_hit(library, places[one], asked) for one in ids]
    # A cell that shows two claims is named twice.
    cells = [one for one in dict.fromkeys(named[id].cells) if one in places][:N_HITS]
    told = {name: shown(line) for name, line in _bank_lines(library, places[id]).items()}
    return Answer(
        id,
        [],
        aloud,
        [
            paragraph
            for part in (
                told["en"],
                f"A senior adds: {told['senior']}",
                f"A staff engineer adds: {told['staff']}",
            )
            for paragraph in part.split("\n\n")
        ],
        [_hit(library, places[one], asked) for one in cells],
        {},
        [],
    )


def _bank_lines(library: Library, at: int) -> dict[str, str]:
    """What ``sections.of_bank`` put first of a question."""
    names = ("asked", "en", "zh", "senior", "staff")
    return {name: line.text for name, line in zip(names, library.lines(at), strict=False)}


def _ranked(library: Library, asked: Query) -> list[int]:
    """The best cell of each of the best sections, best first; a cell of many headings once."""
    best: dict[int, tuple[float, int]] = {}
    for at, score in library.index.scores(asked.weights).items():
        number = library.section_of[at]
        section = library.sections[number]
        if section.lesson and not section.part:
            score *= OVERVIEW
        best[number] = max(best.get(number, (0.0, 0)), (score, at))
    of_title: defaultdict[str, list[float]] = defaultdict(list)
    for number, (score, _) in best.items():
        if not library.sections[number].question:
            of_title[library.sections[number].title].append(score)
    part = {
        title: LESSON * sum(sorted(scores)[-BEST_OF_LESSON:]) / BEST_OF_LESSON
        for title, scores in of_title.items()
    }
    total = {
        number: score + part.get(library.sections[number].title, 0.0)
        for number, (score, _) in best.items()
    }
    order = sorted(total, key=lambda number: (-total[number], number))
    first: dict[tuple[str, str], int] = {}
    for number in order:
        section, at = library.sections[number], best[number][1]
        name = library.lines(at)[0].cell if library.lines(at) else ""
        first.setdefault((section.file, section.question or name or section.heading), at)
    return list(first.values())


def _hit(library: Library, at: int, asked: Query, language: Language = "en") -> Hit:
    """The line of a cell that answers best."""

    def worth(line: Line) -> float:
        its = words(line.text)
        held = asked.weights.keys() & set(its)
        weight = sum(asked.weights[one] * library.index.idf(one) for one in held)
        # A row of a table says little alone.
        return weight * (0.3 if line.text.startswith("|") else 1) / (50 + len(its))

    section = library.sections[library.section_of[at]]
    lines = library.lines(at)
    if section.question:
        section = replace(section, file=PAGES[language])
        return Hit(section, "", f"{section.file}#{section.question} · {lines[0].text}")
    cell = lines[0].cell if lines else (section.cells or [""])[0]
    # Where no line has a word of it, the first whole sentence.
    line = max(
        (one for one in lines if one.hidden != "folded"),
        key=lambda one: (worth(one), len(words(one.text)) > 7),
        default=None,
    )
    if line is None:
        return Hit(section, cell, _first_comment(lines))
    return Hit(section, cell, KEPT_BACK if line.hidden else _plain(line.text))


def _first_comment(lines: list[Line]) -> str:
    """What JupyterLab shows of a cell whose code is folded away: it says what will be seen."""
    first = lines[0].text if lines else ""
    return _plain(first.lstrip("# ")) if first.startswith("#") else ""


def _link(hit: Hit) -> str:
    """To the cell, from where the notebook runs: JupyterLab opens it there."""
    name = hit.section.file
    file = paths.ROOT / name
    if hit.section.lesson:
        own = [folder / name for folder in (Path.cwd(), paths.MY) if (folder / name).is_file()]
        file = own[0] if own else paths.NOTEBOOKS / name
    link = quote(Path(os.path.relpath(file)).as_posix())
    part = f"cell-id={quote(hit.cell)}" if hit.cell else hit.section.question
    return f"{link}#{part}" if part else link


def _plain(text: str) -> str:
    """Without Markdown's marks of emphasis, code and tables."""
    text = _EMPHASIS.sub(r"\1", text).replace("**", "").replace("`", "")
    return text.lstrip("-*> ").strip("| ").replace(" | ", " · ")


def _columns(text: str) -> int:
    """How wide a terminal shows a text: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _rows(text: str, width: int) -> list[str]:
    """A text in rows of at most so many columns; Chinese is cut between any two characters."""
    rows = [""]
    for part in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", text):
        if rows[-1] and _columns(rows[-1] + part.rstrip()) > width:
            rows.append("")
        rows[-1] += part
    return [row.rstrip() for row in rows]


def _fit(text: str, width: int) -> str:
    """A text of exactly so many columns: cut, or filled up."""
    if _columns(text) > width:
        text = text[:width]
        while _columns(text) >= width:
            text = text[:-1]
        text += "…"
    return text + " " * (width - _columns(text))
