"""What a reader has answered in the drill: ``my/interview.json``, one line an answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from course_utils import mine

FILE = "interview"


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        question: its id.
        at: when it was graded, in UTC.
        points, of: of the rubric.
        seconds: until the reader said that it was done.
        missed: the points that were not said; empty in a log that is older than this.
    """

    question: str
    at: datetime
    points: int
    of: int
    seconds: int
    missed: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Of the rubric's points."""
        return self.points / self.of


_session: list[Answer] = []


def answers() -> list[Answer]:
    """All of them, in the order in which they were given. A damaged file is set aside."""
    return list(_session) if mine.is_off() else mine.load(FILE, _read, [])


def add(answer: Answer) -> None:
    """Keep an answer, beside those that another window has kept meanwhile."""
    if mine.is_off():
        _session.append(answer)
        return
    with mine.locked(FILE):
        kept = [*answers(), answer]
        mine.save(FILE, [asdict(one) | {"at": one.at.isoformat()} for one in kept])


def _read(raw: Any) -> list[Answer]:
    return [
        Answer(
            **one
            | {"at": datetime.fromisoformat(one["at"]), "missed": tuple(one.get("missed", ()))}
        )
        for one in raw
    ]
