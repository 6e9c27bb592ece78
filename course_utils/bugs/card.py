"""A bug as a card: broken lines, what they print, the cause, the fix, and the test that sees it."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from course_utils.errors import CourseError

Look = Literal["rival", "invariance", "planted", "change", "example"]
"""Which look finds a bug: somebody who cannot be good; the same in another dress; data whose
answer is known, noise too; one input or setting changed alone; a case worked by hand."""

LONGEST = 12
"""Lines of broken code on a card."""


@dataclass(frozen=True)
class Peer:
    """Where a defect stood in published code.

    Attributes:
        name: the library, with the number of the issue or pull request if there is one.
        date: of the report or the repair, ``"2021-01-21"``, or what says which state was read.
        url: where to read it.
        what: what was wrong there and what became of it, in one sentence.
        stood: whether the defect itself stood there; if not, this is background.
    """

    name: str
    date: str
    url: str
    what: str
    stood: bool = True


@dataclass(frozen=True)
class Card:
    """One bug. All code is our own, the smallest that has the defect.

    Attributes:
        name: for messages and tests.
        look: which of the five its test is.
        title: what the colleague wanted, without the answer.
        code: the broken lines; they define functions.
        shows: lines that print the symptom, and, after the fix, that it is gone.
        question: what to guess before the card is turned.
        cause: why it happens.
        fix: the lines that take the place of ``code``.
        test: asserts, run after ``shows``; they fail on ``code`` and pass on ``fix``.
        errata: the article's errata that are this defect, ``("E34",)``.
        peers: where published code had it.
    """

    name: str
    look: Look
    title: str
    code: str
    shows: str
    question: str
    cause: str
    fix: str
    test: str
    errata: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()


@dataclass(frozen=True)
class Run:
    """What running a card gave.

    Attributes:
        symptom: what the broken code prints.
        gone: what the fixed code prints.
        caught: what the test says of the broken code.
    """

    symptom: str
    gone: str
    caught: str


def run(card: Card) -> Run:
    """Run both versions of a card, and its test on both.

    Raises:
        CourseError: if the test passes on the broken code, or fails on the fixed.
    """
    symptom, caught = _play(card, card.code)
    gone, failed = _play(card, card.fix)
    if caught is None:
        raise CourseError(f"Card {card.name!r}: its test passes on the broken code.")
    if failed is not None:
        raise CourseError(f"Card {card.name!r}: its test fails on the fixed code: {failed}.")
    return Run(symptom, gone, caught)


def _play(card: Card, code: str) -> tuple[str, str | None]:
    """What a version prints, and how the test fails on it."""
    scope = _names(code + card.shows + card.test)
    printed = io.StringIO()
    failed: str | None = None
    with contextlib.redirect_stdout(printed):
        exec(compile(code, f"card {card.name}", "exec"), scope)
        exec(compile(card.shows, f"card {card.name}, shows", "exec"), scope)
        try:
            exec(compile(card.test, f"card {card.name}, test", "exec"), scope)
        except AssertionError as error:
            failed = f"AssertionError: {error}"
    return printed.getvalue().rstrip("\n"), failed


def _names(text: str) -> dict[str, Any]:
    """What a card may use without an import; heavy libraries only where it names them."""
    scope: dict[str, Any] = {"np": np}
    if "keras" in text or "tf." in text:
        from course_utils.backend import keras, tf

        scope |= {"keras": keras, "tf": tf}
    if "SVD" in text:
        import pandas as pd
        from surprise import SVD, Dataset, Reader

        scope |= {"pd": pd, "SVD": SVD, "Dataset": Dataset, "Reader": Reader}
    return scope
