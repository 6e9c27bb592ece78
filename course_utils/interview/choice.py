"""What every drill needs: the questions that are wanted, and a clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.text import Text

from course_utils.errors import CourseError
from course_utils.interview.bank import LEVELS, Question

SECONDS = 60
"""In which an answer is said."""


class Clock:
    """The seconds that are left, drawn anew whenever it is shown."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now, self.start = now, now()

    @property
    def gone(self) -> int:
        return int(self.now() - self.start)

    def __rich__(self) -> Text:
        left = SECONDS - self.gone
        style = "green" if left > 15 else "yellow" if left > 0 else "red"
        return Text(f"  {left:4d} s", style=style)


def chosen(
    questions: Sequence[Question], topic: str | None, level: str | None
) -> Sequence[Question]:
    """Those of a topic, by a part of its name, and a level.

    Raises:
        CourseError: if there is none.
    """
    if level is not None and level not in LEVELS:
        raise CourseError(f"There is no level {level!r}: there are {', '.join(LEVELS)}.")
    found = [
        one
        for one in questions
        if (topic is None or any(topic.lower() in name.lower() for name in one.topic.values()))
        and (level is None or one.level == level)
    ]
    if not found:
        there = ", ".join(dict.fromkeys(one.topic["en"] for one in questions))
        raise CourseError(
            f"No question of topic {topic!r} and level {level!r}: topics are {there}."
        )
    return found
