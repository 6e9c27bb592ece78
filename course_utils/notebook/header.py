"""What a lesson says of itself in its first cell: title, minutes, level, what comes before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_utils.errors import CourseError

_TITLE = re.compile(r"^# (\d\d) · (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\|\s*(\d+(?: \+ \d+)*)\s*\|([^|]*)\|([^|]*)\|", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """A lesson's header.

    Attributes:
        number: "51".
        title: without the number.
        sittings: minutes of each sitting, for reading and all tasks.
        level: in its own words.
        needs: numbers of the lessons that come before it.
    """

    number: str
    title: str
    sittings: tuple[int, ...]
    level: str
    needs: tuple[str, ...]

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
        CourseError: if there is no title, or no table of minutes, level and what comes before.
    """
    title, row = _TITLE.search(first_cell), _ROW.search(first_cell)
    if title is None or row is None:
        raise CourseError(
            f"{where} must begin with a title, `# NN · Title`, and a table of minutes ('55', or "
            "'45 + 50' for two sittings), level and what comes before."
        )
    minutes, level, before = row.groups()
    sittings = tuple(int(part) for part in minutes.split(" + "))
    needs = tuple(n for n in re.findall(r"\b\d\d\b", before) if n != title.group(1))
    return Lesson(title.group(1), title.group(2), sittings, level.strip(), needs)
