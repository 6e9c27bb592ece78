"""Cards for Anki: the bank's questions, the methods' formulas, and the bugs of lesson 54.

A note's id is made of the question's, the method's or the bug's own, which never change. So a later
edition brings a note up to date and keeps the reader's history.
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import genanki

from course_utils import balancing, models
from course_utils.bugs import CARDS
from course_utils.errors import CourseError
from course_utils.interview.bank import Question, bank

DECK, MODEL = 1_764_600_311, 1_764_600_312
"""Drawn once: Anki knows deck and note type by these."""

FORMULAS = (models, balancing)
"""The rooms whose classes have their formula in the docstring, above the paper."""

_TEMPLATE = {
    "name": "Card",
    "qfmt": "{{Front}}",
    "afmt": "{{FrontSide}}<hr id=answer>{{Back}}",
}


def notes() -> Iterator[tuple[str, str, str, str]]:
    """Of each card: its id, front, back and tag; front and back are HTML."""
    for one in bank():
        yield one.id, _asked(one), _answered(one), one.topic["en"]
    for name, docstring in formulas().items():
        yield f"formula {name}", f"{name}: what is computed?", _lines(docstring), "Formulas"
    for bug in CARDS:
        front = f"{html.escape(bug.title)}<pre>{html.escape(bug.code)}</pre>What is wrong?"
        back = f"{html.escape(bug.cause)}<pre>{html.escape(bug.fix)}</pre>"
        yield f"bug {bug.name}", front, back, "Bugs"


def formulas() -> dict[str, str]:
    """Class -> the docstring's formula and paper."""
    return {
        thing.__name__: said.split("\n\nArgs:")[0].split("\n\nProof:")[0]
        for room in FORMULAS
        for thing in _classes(room)
        if "Paper" in (said := inspect.getdoc(thing) or "") and "=" in said.split("Paper")[0]
    }


def _classes(room: ModuleType) -> Iterator[type]:
    """Those that the files of a room define."""
    for one in iter_modules(room.__path__):
        file = import_module(f"{room.__name__}.{one.name}")
        for thing in vars(file).values():
            if inspect.isclass(thing) and thing.__module__ == file.__name__:
                yield thing


def write(file: Path) -> int:
    """Write the deck; how many cards it has.

    Raises:
        CourseError: if the name does not end in .apkg, or the file cannot be written.
    """
    if file.suffix != ".apkg":
        raise CourseError(f"Anki reads files that end in .apkg, not {file.name!r}.")
    fields = [{"name": "Front"}, {"name": "Back"}]
    model = genanki.Model(MODEL, "Multi-scenario multi-task course", fields, [_TEMPLATE])
    deck = genanki.Deck(DECK, "Multi-scenario multi-task learning")
    for id, front, back, topic in notes():
        tags = [topic.replace(" ", "-")]
        deck.add_note(genanki.Note(model, [front, back], guid=genanki.guid_for(id), tags=tags))
    try:
        genanki.Package(deck).write_to_file(str(file))
    except OSError as error:
        raise CourseError(f"{file} was not written: {error.strerror}.") from error
    return len(deck.notes)


def _asked(one: Question) -> str:
    return f"<b>{html.escape(one.asked['en'])}</b><br>{html.escape(one.asked['zh'])}"


def _answered(one: Question) -> str:
    points = "".join(f"<li>{html.escape(point)}</li>" for _, point in one.rubric)
    sinks = f"<p><i>{html.escape(one.sinks)}</i></p>"
    return f"{_lines(one.answer['en'])}<ul>{points}</ul>{sinks}{_lines(one.answer['zh'])}"


def _lines(text: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
