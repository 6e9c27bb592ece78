"""What every drill needs: the questions that are wanted, a clock, and the rule of the rubric."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.text import Text

from course_utils.errors import CourseError
from course_utils.interview.bank import LEVELS, Language, Question

SECONDS = 60
"""In which an answer is said."""

RULE: dict[Language, str] = {
    "en": "A point counts whole if you said it unasked, else not at all.",
    "zh": "没人提示、自己完整说到的才算，只说到一半的不算。",
}


class Clock:
    """The time that is left, drawn anew whenever it is shown."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self.seconds, self.start = seconds, time.monotonic()

    @property
    def gone(self) -> int:
        return int(time.monotonic() - self.start)

    @property
    def left(self) -> int:
        """Seconds; below 0 once the time is over."""
        return self.seconds - self.gone

    def __str__(self) -> str:
        minutes, seconds = divmod(abs(self.left), 60)
        return f"{'-' * (self.left < 0)}{minutes}:{seconds:02}"

    def __rich__(self) -> Text:
        style = "green" if self.left > 15 else "yellow" if self.left > 0 else "red"
        return Text(f"  {self}", style=style)


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
