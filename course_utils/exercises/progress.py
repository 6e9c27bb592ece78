"""What a learner did so far, kept in ``my/progress.json``. Standard library only.

Where ``COURSE_UTILS_PROGRESS`` is ``off``, as in the build and the tests, nothing is read
or written, and a session starts from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from course_utils import mine

FILE = "progress"


@dataclass
class State:
    """One task's record.

    Attributes:
        attempts: checks of an attempted answer, right or wrong.
        failures: those that were wrong or raised.
        solved: a right answer was given.
        hints: the highest hint seen, 0 to 3.
        solution: ``""``, ``"opened"`` or ``"forced"``.
        errata: those that verdicts named, each once, in the order of their first time.
    """

    attempts: int = 0
    failures: int = 0
    solved: bool = False
    hints: int = 0
    solution: str = ""
    errata: list[str] = field(default_factory=list)


_session: dict[str, State] = {}


def load() -> dict[str, State]:
    """All records. A damaged file is set aside, never overwritten, and said to be."""
    return _session if mine.is_off() else mine.load(FILE, _read, {})


def _read(raw: Any) -> dict[str, State]:
    names = {one.name for one in fields(State)}
    return {
        task_id: State(**{key: value for key, value in record.items() if key in names})
        for task_id, record in raw.items()
    }


@contextmanager
def _changing(task_id: str) -> Iterator[State]:
    """A task's record, which is kept when it has been changed."""
    if mine.is_off():
        yield _session.setdefault(task_id, State())
        return
    with mine.locked(FILE):
        states = load()
        one = states.setdefault(task_id, State())
        before = asdict(one)
        yield one
        if asdict(one) != before:
            mine.save(FILE, {key: asdict(states[key]) for key in sorted(states)})


def state(task_id: str) -> State:
    """A task's record; an empty one before the first attempt."""
    return load().get(task_id, State())


def record_check(task_id: str, status: str, erratum: str | None = None) -> int:
    """Remember a verdict and the erratum it named; returns the failures since the start."""
    with _changing(task_id) as one:
        if status != "not attempted":
            one.attempts += 1
            one.solved = one.solved or status == "correct"
            one.failures += status != "correct"
            if erratum is not None and erratum not in one.errata:
                one.errata.append(erratum)
        return one.failures


def record_hint(task_id: str, level: int) -> None:
    """Remember the highest hint seen."""
    with _changing(task_id) as one:
        one.hints = max(one.hints, level)


def record_solution(task_id: str, forced: bool) -> None:
    """Remember that the solution was opened, and whether before its time."""
    with _changing(task_id) as one:
        if one.solution != "forced":
            one.solution = "forced" if forced and not one.solved else "opened"
