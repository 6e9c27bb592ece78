"""What a mock interview found: points by topic, what was missed, and what to read tonight."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rich.console import Console

from course_utils import bugs
from course_utils.authoring import minutes
from course_utils.authoring.plan import LIMITS, MINUTES_AN_ANSWER, Book
from course_utils.interview import Language, bank
from course_utils.interview.bank import PAGES
from course_utils.interview.log import Answer
from course_utils.mock.board import LESSON

GOOD = 0.9
"""Whoever has this share of the points need not read."""

SECTIONS = 2
"""Of a lost question, so many are read."""

BOARD: dict[Language, str] = {"en": "Whiteboard", "zh": "白板"}
BUG: dict[Language, str] = {"en": "Spot the bug", "zh": "找 bug"}
BUGS_LESSON = "54"

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "points": "Points by topic",
        "of": "{points} of {of}",
        "missed": "What was missed",
        "find": "{}: python -m course_utils find {}, or {}#{}",
        "read": "To read tonight: {} minutes",
        "nothing": "Nothing was lost. Tonight: python -m course_utils interview",
        "minutes": "{:3d} min",
        "say": "say {} again",
        "section": "lesson {} · {}",
    },
    "zh": {
        "points": "各主题得分",
        "of": "{points} / {of} 分",
        "missed": "漏掉了什么",
        "find": "{}：python -m course_utils find {}，或看 {}#{}",
        "read": "今晚读什么：共 {} 分钟",
        "nothing": "没有丢分。今晚继续练：python -m course_utils interview --language zh",
        "minutes": "{:3d} 分钟",
        "say": "把 {} 再说一遍",
        "section": "第 {} 课 · {}",
    },
}

_book = cache(Book)


@dataclass(frozen=True)
class Reading:
    """Something to do tonight, and its minutes."""

    what: str
    minutes: int


def show(given: Sequence[Answer], language: Language, console: Console) -> None:
    """Print the points by topic, what each question missed, and the readings."""
    said = SAID[language]
    if not given:
        return
    console.rule(said["points"])
    for topic, (points, of) in by_topic(given, language).items():
        console.print(f"  {said['of'].format(points=points, of=of):>12}  {topic}", highlight=False)
    if any(one.missed for one in given):
        console.rule(said["missed"])
    for line in missed(given, language):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    tonight = readings(given, language)
    total = sum(one.minutes for one in tonight)
    console.rule(said["read"].format(total) if tonight else said["nothing"])
    for one in tonight:
        console.print(f"  {said['minutes'].format(one.minutes)}  {one.what}", highlight=False)


def missed(given: Sequence[Answer], language: Language) -> list[str]:
    """Each question that lost points, where it is answered, and below it the points."""
    ids = {one.id for one in bank()}
    lines = []
    for one in given:
        if one.missed:
            name = one.question
            found = SAID[language]["find"].format(name, name, PAGES[language], name)
            lines.append(f"  {found if name in ids else name}")
            lines += [f"    - {point}" for point in one.missed]
    return lines


def by_topic(given: Sequence[Answer], language: Language) -> dict[str, tuple[int, int]]:
    """Topic -> points, and of how many."""
    topic_of = {one.id: one.topic[language] for one in bank()}
    found: dict[str, tuple[int, int]] = {}
    for one in given:
        other = BUG if one.question.startswith("bug ") else BOARD
        topic = topic_of.get(one.question, other[language])
        points, of = found.get(topic, (0, 0))
        found[topic] = points + one.points, of + one.of
    return found


def readings(given: Sequence[Answer], language: Language) -> list[Reading]:
    """What lost points, the most first, until an evening is full; nothing twice."""
    found: dict[str, int] = {}
    for one in sorted(given, key=lambda each: each.share):
        if one.share < GOOD:
            for reading in _behind(one, SAID[language]):
                if sum(found.values()) + reading.minutes <= LIMITS["evenings"]:
                    found.setdefault(reading.what, reading.minutes)
    return [Reading(what, its) for what, its in found.items()]


def _behind(one: Answer, said: dict[str, str]) -> Iterator[Reading]:
    """A question is said again, then its first sections are read."""
    question = next((each for each in bank() if each.id == one.question), None)
    if question is not None:
        yield Reading(said["say"].format(one.question), MINUTES_AN_ANSWER)
    cells = [_cell(one)] if question is None else question.cells
    told: dict[str, int] = {}
    for cell in cells:
        part, its = _book().around(cell)
        what = said["section"].format(part.lesson, part.section)
        told.setdefault(what, math.ceil(minutes.exact(its)))
    yield from (Reading(what, its) for what, its in list(told.items())[:SECTIONS])


def _cell(one: Answer) -> str:
    """The cell of a task at the whiteboard, or of a bug's card turned."""
    if not one.question.startswith("bug "):
        return f"{LESSON}-task-{one.question.removeprefix(f'{LESSON}.')}-text"
    names = [card.name for card in bugs.CARDS]
    number = str(names.index(one.question.removeprefix("bug ")) + 1)
    return next(
        cell.id
        for sitting in _book().cells(BUGS_LESSON)
        for cell in sitting
        if (turned := re.fullmatch(r"back\((.+)\)", cell.source))
        and number in turned[1].split(", ")
    )
