"""Task 23.4: who may read which column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Who = dict[str, str]
WORDS = ("both", "teacher", "nobody")

_CASES: list[tuple[Any, ...]] = [
    ({"price": -60, "position": 0.1, "dwell time": 2.0, "receipt page": 30.0}, 30.0),
    ({"city": 0, "cart": 5}, 20),
    ({"returned": 20_000, "hour": 0, "scrolled": 0.5, "paid": 12}, 12),
    ({"price": -1}, 1),
    ({"delivery": 3_000, "refund": 9_000}, 25),
    ({"seconds on the page": 3, "buys today": 40, "buys last week": -500}, 35),
    ({}, 10),
]


def right_columns(known_at: Any, label_at: Any) -> Who:
    return {
        name: "both" if at <= 0 else "teacher" if at < label_at else "nobody"
        for name, at in known_at.items()
    }


def _rule(student: Callable[..., bool], teacher: Callable[..., bool]) -> Callable[..., Who]:
    return lambda known_at, label_at: {
        name: "both" if student(at, label_at) else "teacher" if teacher(at, label_at) else "nobody"
        for name, at in known_at.items()
    }


MISTAKES: dict[str, Callable[..., Who]] = {
    "the teacher reads columns that are known with the label or later: they repeat the label": (
        _rule(lambda at, label: at <= 0, lambda at, label: True)
    ),
    "the teacher reads a column that is known at the minute of the label: it repeats the label": (
        _rule(lambda at, label: at <= 0, lambda at, label: at <= label)
    ),
    "the student reads a column that is known only after the request": (
        _rule(lambda at, label: at < label, lambda at, label: False)
    ),
    "a column known at the request itself, at 0, is left to the teacher": (
        _rule(lambda at, label: at < 0, lambda at, label: at < label)
    ),
    "the teacher gets no column that the student lacks": (
        _rule(lambda at, label: at <= 0, lambda at, label: False)
    ),
}


def check_columns(answer: Any) -> None:
    compare(answer, _CASES, right_columns, _read, _told, MISTAKES, _place)


def _read(got: Any, case: Any) -> Who:
    told = _told(case)
    refuse_none(got, told, "a dict")
    if not isinstance(got, dict) or set(got) != set(case[0]):
        reject(f"{told} must be a dict with the keys {[*case[0]]}, got {shorten(got)}.")
    for name, who in got.items():
        if not isinstance(who, str) or who not in WORDS:
            reject(f"{told}: {name!r} must be one of {', '.join(WORDS)}, got {shorten(who)}.")
    return {str(name): str(who) for name, who in got.items()}


def _told(case: Any) -> str:
    return f"who_reads({case[0]}, {case[1]})"


def _place(case: Any, path: tuple[Any, ...]) -> str:
    return f"{_told(case)}: {path[0]!r}"


TASK = Task(
    id="23.4",
    prompt="Return for each column whether both, the teacher alone or nobody may read it.",
    check_answer=check_columns,
    hints=(
        "Two moments cut time in three: the request, at 0, and the label.",
        "At 0 or before: both. From the label on: nobody. Between: the teacher.",
        "{name: 'both' if at <= 0 else 'teacher' if at < label_at else 'nobody' for name, at in "
        "known_at.items()}",
    ),
    insight="The teacher with an AUC of .99 had read the label. On rows with a label no gain of "
    "its student was shown.",
)
