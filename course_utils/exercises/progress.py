"""What a learner did so far, kept in ``my/progress.json``. Standard library only.

Where ``COURSE_UTILS_PROGRESS`` is ``off``, as in the build and the tests, nothing is read
or written, and a session starts from nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from course_utils import paths


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


def _file() -> Path | None:
    if os.environ.get("COURSE_UTILS_PROGRESS") == "off":
        return None
    return paths.MY / "progress.json"


def load() -> dict[str, State]:
    """All records. A damaged file is set aside, never overwritten, and said to be."""
    file = _file()
    if file is None:
        return _session
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        names = {one.name for one in fields(State)}
        return {
            task_id: State(**{key: value for key, value in record.items() if key in names})
            for task_id, record in raw.items()
        }
    except OSError:  # none yet, or a folder that cannot be read: saving will say so
        return {}
    except (ValueError, AttributeError, TypeError):
        aside = _free_name(file.with_name("progress.damaged.json"))
        os.replace(file, aside)
        print(
            f"my/progress.json could not be read; it is kept as my/{aside.name}, and a new one "
            "begins. Your notebooks are untouched.",
            file=sys.stderr,
        )
        return {}


def _free_name(file: Path) -> Path:
    number = 1
    candidate = file
    while candidate.exists():
        number += 1
        candidate = file.with_name(f"{file.stem}-{number}{file.suffix}")
    return candidate


def _save(states: dict[str, State]) -> None:
    """Write through a second file, so that a crash leaves the old record whole."""
    file = _file()
    if file is None:
        return
    text = json.dumps({key: asdict(states[key]) for key in sorted(states)}, indent=1)
    try:
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=".progress-", delete=False, encoding="utf-8"
        ) as new:
            new.write(text + "\n")
        os.replace(new.name, file)
    except OSError as error:
        print(f"Your progress was not saved: {error.strerror} (my/progress.json).", file=sys.stderr)


def state(task_id: str) -> State:
    """A task's record; an empty one before the first attempt."""
    return load().get(task_id, State())


def record_check(task_id: str, status: str, erratum: str | None = None) -> int:
    """Remember a verdict and the erratum it named; returns the failures since the start."""
    states = load()
    one = states.setdefault(task_id, State())
    if status != "not attempted":
        one.attempts += 1
        one.solved = one.solved or status == "correct"
        one.failures += status != "correct"
        if erratum is not None and erratum not in one.errata:
            one.errata.append(erratum)
        _save(states)
    return one.failures


def record_hint(task_id: str, level: int) -> None:
    """Remember the highest hint seen."""
    states = load()
    one = states.setdefault(task_id, State())
    one.hints = max(one.hints, level)
    _save(states)


def record_solution(task_id: str, forced: bool) -> None:
    """Remember that the solution was opened, and whether before its time."""
    states = load()
    one = states.setdefault(task_id, State())
    if one.solution != "forced":
        one.solution = "forced" if forced and not one.solved else "opened"
    _save(states)
