"""What a lesson says of itself in its first cell: title, question, minutes, what comes before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError

_TITLE = re.compile(r"^# (\d\d) · (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^> (.+)$", re.MULTILINE)
_MINUTES = r"\s*(\d+(?: \+ \d+)*)\s*\|"
_ROW = re.compile(rf"^\|{_MINUTES}(?:{_MINUTES})?([^|]*)\|([^|]*)\|([^|]*)\|", re.MULTILINE)
_QUOTED = re.compile(r'"([^"]+)"')
# The source's first line: the Chinese stands there, and so in no notebook.
_CHINESE = re.compile(r'^# %% \[markdown\] .*question_zh="([^"]+)" interview_zh="([^"]+)"$')


@dataclass(frozen=True)
class Asked:
    """What a lesson answers.

    Attributes:
        question: in a reader's words.
        interview: as an interviewer puts it; empty if nobody does.
    """

    question: str
    interview: str


@dataclass(frozen=True)
class Lesson:
    """A lesson's header.

    Attributes:
        number: "51".
        title: without the number.
        asked: what it answers, in English.
        sittings: minutes of each sitting, for reading and all tasks. In the third edition these
            are the essential hour and the parts that go deeper.
        essential: is it in the third edition's form?
        level: in its own words.
        needs: numbers of the lessons that come before it.
    """

    number: str
    title: str
    asked: Asked
    sittings: tuple[int, ...]
    level: str
    needs: tuple[str, ...]
    essential: bool = False

    @property
    def minutes(self) -> int:
        """Of all sittings."""
        return sum(self.sittings)


def column(sittings: tuple[int, ...]) -> str:
    """Minutes as the header has them: "55", and "45 + 50" for two sittings."""
    return " + ".join(str(minutes) for minutes in sittings)


def read(where: str, first_cell: str) -> Lesson:
    """The header in a lesson's first cell.

    Args:
        where: for the message.
        first_cell: its Markdown.

    Raises:
        CourseError: if there is no title, no question, or no table of minutes, level, what comes
            before and interviews.
    """
    title, row = _TITLE.search(first_cell), _ROW.search(first_cell)
    question = _QUESTION.search(first_cell)
    if title is None or question is None or row is None:
        raise CourseError(
            f"{where} must begin with a title, `# NN · Title`, the question that it answers, "
            "`> Question?`, and a table of minutes ('55', or '45 + 50' for two sittings; or two "
            "columns, the essential hour and what goes deeper), level, what comes before and "
            "interviews."
        )
    minutes, deeper, level, before, interviews = row.groups()
    parts = minutes if deeper is None else f"{minutes} + {deeper}"
    quoted = _QUOTED.search(interviews)
    return Lesson(
        number=title.group(1),
        title=title.group(2),
        asked=Asked(question.group(1), quoted.group(1) if quoted else ""),
        sittings=tuple(int(part) for part in parts.split(" + ")),
        level=level.strip(),
        needs=_numbers(before),
        essential=deeper is not None,
    )


def _numbers(before: str) -> tuple[str, ...]:
    """The lessons that a text names, "22 to 24" as three of them."""
    found = []
    for first, last in re.findall(r"\b(\d\d)\b(?: to (\d\d)\b)?", before):
        found += [f"{number:02}" for number in range(int(first), int(last or first) + 1)]
    return tuple(found)


def lessons() -> list[Lesson]:
    """All lessons that are there, by number, as their sources have them.

    Raises:
        CourseError: if a lesson has no header.
    """
    return [
        read(f"solutions/{source.name}", _first_cell(source))
        for source in sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*.py"))
    ]


def in_chinese(source: Path) -> Asked:
    """What a lesson answers, in Chinese: from the first line of its source.

    Raises:
        CourseError: if it does not stand there.
    """
    with source.open(encoding="utf-8") as file:
        found = _CHINESE.match(file.readline().rstrip("\n"))
    if found is None:
        raise CourseError(
            f'solutions/{source.name} must begin with `# %% [markdown] name="title" '
            'question_zh="..." interview_zh="..."`: the question that it answers and the first '
            "one of its interview column, in Chinese."
        )
    return Asked(*found.groups())


def _first_cell(source: Path) -> str:
    """The Markdown of a source's first cell."""
    lines = source.read_text(encoding="utf-8").split("\n# %%")[0].splitlines()[1:]
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
