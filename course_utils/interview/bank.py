"""The bank: one Markdown file a topic in ``interview/``, read into questions and checked.

A file begins with its topic and a line of Chinese, then has its questions:

    # Multi-task · 多任务

    ## mt-01 · When does one network for several tasks pay?

    中文：什么时候该用一个网络学多个任务？
    Level: entry · seen in 5 sources · asked with mt-02

    ### Sixty seconds
    ### 六十秒
    ### A senior adds
    ### A staff engineer adds
    ### Rubric
    - 3: says that sharing pays where a task has few labels ...
    ### Follow-ups
    - **"And when not?"** Where ... `20-losses`
    ### What sinks a candidate
    ### Shown in
    - `20-rivals` 20.rho-one-twin: better
    ### Papers

``Shown in`` names cells; an id of a claim and its word after a cell is held against what is
recorded (``results/lessons``), so an answer whose verdict has changed is found. Where the course
has no cell, "Not measured here." stands there. ``asked with`` names what an interviewer asks in the
same breath; each of the two leads to the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from course_utils import paths
from course_utils.errors import CourseError

Language = Literal["en", "zh"]

LEVELS = ("entry", "mid", "senior", "staff")

FOLDER = paths.ROOT / "interview"

PAGES: dict[Language, str] = {"en": "docs/interview.md", "zh": "docs/interview.zh-CN.md"}
"""Where the questions are read, from the root of the clone; made by ``build``."""

SECTIONS = (
    "Sixty seconds",
    "六十秒",
    "A senior adds",
    "A staff engineer adds",
    "Rubric",
    "Follow-ups",
    "What sinks a candidate",
    "Shown in",
    "Papers",
)
"""In this order, each once."""

NOT_MEASURED = "Not measured here."

SENIOR: dict[Language, str] = {"en": "A senior adds:", "zh": "高级工程师会补充："}

_TOPIC = re.compile(r"\A# (?P<en>.+) · (?P<zh>.+)\n")
_QUESTION = re.compile(r"^## ", re.MULTILINE)
_HEAD = re.compile(
    r"(?P<id>[a-z]{2,3}-\d\d) · (?P<en>.+)\n\n中文：(?P<zh>.+)\n"
    r"Level: (?P<level>\w+)(?: · seen in (?P<seen>\d+) sources?)?"
    r"(?: · asked with (?P<beside>[a-z]{2,3}-\d\d(?:, [a-z]{2,3}-\d\d)*))?\n"
)
_SECTION = re.compile(r"^### (.+)\n", re.MULTILINE)
_POINT = re.compile(r"(\d+): (.+)")
_FOLLOW_UP = re.compile(r'\*\*"(.+?)"\*\* (.+)', re.DOTALL)
CELL = re.compile(r"`(\d\d-[a-z0-9-]+)`")
_CELLS = rf"{CELL.pattern}(?:,? {CELL.pattern})*"
_SHOWN = re.compile(rf"\({_CELLS}\)|{_CELLS}")
_CLAIM = re.compile(r"(\d\d\.[a-z0-9-]+): (better|worse|no difference shown)")


def shown(text: str) -> str:
    """A text for a reader, to whom a cell's id says nothing: its lesson does, named once."""

    def lessons(cells: re.Match[str]) -> str:
        numbers = sorted({cell[:2] for cell in CELL.findall(cells[0])})
        return f"(lesson{'s' * (len(numbers) > 1)} {', '.join(numbers)})"

    return _SHOWN.sub(lessons, text)


@dataclass(frozen=True)
class FollowUp:
    """What an interviewer asks next, and the answer in words."""

    asked: str
    answer: str

    @property
    def told(self) -> str:
        """The answer for a reader."""
        return shown(self.answer)


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    Attributes:
        id: never changes: cards and a reader's log know a question by it.
        file: of its topic, from the root of the clone.
        topic, asked, answer: by language; ``answer`` is said within sixty seconds.
        seen: in how many sources it was found; 0 where nobody counted.
        beside: ids that its head names; ``asked_with`` has those that name it, too.
        rubric: (weight, what an answer says).
        sinks: the sentence that ends an interview.
        cells: ids of the cells that show it.
        claims: (id, word) of recorded verdicts that the answer rests on.
    """

    id: str
    file: str
    topic: dict[Language, str]
    asked: dict[Language, str]
    answer: dict[Language, str]
    level: str
    seen: int
    beside: tuple[str, ...]
    senior: str
    staff: str
    rubric: tuple[tuple[int, str], ...]
    follow_ups: tuple[FollowUp, ...]
    sinks: str
    cells: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]

    def told(self, language: Language) -> str:
        """The answer and what a senior adds, in English alone: the rubric counts both."""
        added = f"\n\n{SENIOR[language]} {shown(self.senior)}" if self.senior else ""
        return self.answer[language] + added

    @property
    def measured(self) -> bool:
        """Does the course show it?"""
        return bool(self.cells)


@cache
def bank(folder: Path = FOLDER) -> tuple[Question, ...]:
    """All questions, topic by topic, as the files have them.

    Raises:
        CourseError: if a file or a question is not of the form above, or an id is used twice.
    """
    found: list[Question] = []
    for file in sorted(folder.glob("*.md")):
        found += questions(file.name, file.read_text(encoding="utf-8"))
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise CourseError(f"interview/: the id {twice[0]!r} is used twice.")
    for one in found:
        if lost := [id for id in one.beside if id not in ids or id == one.id]:
            raise CourseError(f"interview/: {one.id} is asked with {lost[0]}, which is no other.")
    return tuple(found)


def asked_with(one: Question, questions: Sequence[Question]) -> list[str]:
    """Ids of what is asked in the same breath, whichever of the two names the other."""
    return [other.id for other in questions if other.id in one.beside or one.id in other.beside]


def questions(name: str, text: str) -> list[Question]:
    """The questions of a file.

    Raises:
        CourseError: as ``bank``.
    """
    topic = _TOPIC.match(text)
    if topic is None:
        raise CourseError(f"interview/{name} must begin with '# Topic · 主题'.")
    titles: dict[Language, str] = {"en": topic["en"], "zh": topic["zh"]}
    _, *parts = _QUESTION.split(text)
    return [_question(f"interview/{name}", titles, part) for part in parts]


def _question(where: str, topic: dict[Language, str], text: str) -> Question:
    head = _HEAD.match(text)
    if head is None:
        raise CourseError(
            f"{where}: {text.splitlines()[0]!r} must be 'xx-01 · Question?', an empty line, "
            "'中文：...', and 'Level: entry', mid, senior or staff, with ' · seen in n sources' "
            "and ' · asked with xx-02, xx-03' where that is known."
        )
    file, where = where, f"{where}, {head['id']}"
    if head["level"] not in LEVELS:
        raise CourseError(f"{where}: the level is {', '.join(LEVELS)}, not {head['level']!r}.")
    _, *cut = _SECTION.split(text[head.end() :])
    names = tuple(cut[::2])
    if names != SECTIONS:
        raise CourseError(f"{where}: the parts must be {', '.join(SECTIONS)}, in this order.")
    part = {name: body.strip() for name, body in zip(names, cut[1::2], strict=True)}
    empty = [name for name, body in part.items() if not body]
    if empty:
        raise CourseError(f"{where}: {empty[0]!r} is empty.")
    shown = part["Shown in"]
    cells = tuple(CELL.findall(shown))
    if not cells and shown != NOT_MEASURED:
        raise CourseError(f"{where}: 'Shown in' names cells, or says {NOT_MEASURED!r}")
    return Question(
        id=head["id"],
        file=file,
        topic=topic,
        asked={"en": head["en"], "zh": head["zh"]},
        answer={"en": part["Sixty seconds"], "zh": part["六十秒"]},
        level=head["level"],
        seen=int(head["seen"] or 0),
        beside=tuple(head["beside"].split(", ")) if head["beside"] else (),
        senior=part["A senior adds"],
        staff=part["A staff engineer adds"],
        rubric=tuple(_point(where, one) for one in _items(part["Rubric"])),
        follow_ups=tuple(_follow_up(where, one) for one in _items(part["Follow-ups"])),
        sinks=part["What sinks a candidate"],
        cells=cells,
        claims=tuple(_CLAIM.findall(shown)),
        papers=tuple(_items(part["Papers"])),
    )


def _items(body: str) -> Sequence[str]:
    """The points of a list; a long one may go on in the next line."""
    return [one.strip().replace("\n  ", " ") for one in re.split(r"^- ", body, flags=re.M)[1:]]


def _point(where: str, item: str) -> tuple[int, str]:
    found = _POINT.fullmatch(item)
    if found is None:
        raise CourseError(f"{where}: {item!r} of the rubric must be '3: what is said'.")
    return int(found[1]), found[2]


def _follow_up(where: str, item: str) -> FollowUp:
    found = _FOLLOW_UP.fullmatch(item)
    if found is None:
        raise CourseError(f'{where}: {item!r} must be **"Question?"** and its answer.')
    return FollowUp(found[1], found[2])
