"""The field's words from ``docs/glossary.toml``, and the private words used instead of them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from course_utils import paths

if TYPE_CHECKING:
    from IPython.display import Markdown

FILE = paths.ROOT / "docs" / "glossary.toml"


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes:
        english: the term, and its short form after a comma.
        chinese: as Chinese texts have it.
        meaning: one line in plain words.
        first: whether lesson 00 shows it.
    """

    english: str
    chinese: str
    meaning: str
    first: bool = False


@dataclass(frozen=True)
class Private:
    """A word of the course's own that readers of the field could not place.

    Attributes:
        word: as a person would name it.
        pattern: what finds it.
        say: what to write instead; of several, the one that is meant.
    """

    word: str
    pattern: re.Pattern[str]
    say: str


@dataclass(frozen=True)
class Asked:
    """Words in which people ask for something that the course calls otherwise.

    Attributes:
        words: English or Chinese.
        say: what the course says for it, the nearest first.
    """

    words: tuple[str, ...]
    say: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A private word in a text: its line, counted from 1, what was found, and what to write."""

    line: int
    found: str
    say: str


@cache
def terms() -> tuple[Term, ...]:
    """All terms, sorted by their English."""
    return tuple(Term(**one) for one in _data()["terms"])


@cache
def private_words() -> tuple[Private, ...]:
    """All private words, sorted."""
    return tuple(
        Private(
            one["word"],
            re.compile(one["pattern"], re.IGNORECASE),
            one.get("plain") or " / ".join(one["say"]),
        )
        for one in _data()["private"]
    )


@cache
def asked() -> tuple[Asked, ...]:
    """Words in which people ask, in the order of the file."""
    return tuple(Asked(tuple(one["words"]), tuple(one["say"])) for one in _data()["asked"])


def hits(text: str) -> list[Hit]:
    """The private words in a text, from top to bottom."""
    return [
        Hit(number, match.group(), one.say)
        for number, line in enumerate(text.splitlines(), start=1)
        for one in private_words()
        for match in one.pattern.finditer(line)
    ]


def table(first: bool = True) -> Markdown:
    """The terms as a table for a notebook.

    Args:
        first: those that a beginner needs; all of them otherwise.
    """
    from IPython.display import Markdown

    rows = [one for one in terms() if one.first or not first]
    lines = [f"| {one.english} | {one.chinese} | {one.meaning} |" for one in rows]
    return Markdown("\n".join(["| English | 中文 | what it is |", "|---|---|---|", *lines]))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
