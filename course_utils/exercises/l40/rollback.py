"""Task 40.8: the day of the rollback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Day = Mapping[str, tuple[float, float]]
Case = tuple[list[Day], float]
Slip = Callable[[list[Day], float], int]

_FREE, _BAD = (0.0, 0.1), (0.2, 0.3)
"""At x = .1 a task with the first does not suffer, and with the second it does."""

CASES: list[Case] = [
    (
        [
            {"buy": (0.02, 0.05)},
            {"buy": (-0.01, 0.02)},
            {"buy": (0.02, 0.06)},
            {"buy": (0.03, 0.06)},
        ],
        0.01,
    ),
    ([{"buy": (0.02, 0.05), "click": (0.0, 0.1)}, {"buy": (0.0, 0.1), "click": (0.02, 0.1)}], 0.01),
    (
        [{"a": (0.0, 0.1)}, {"a": (0.2, 0.3), "b": (0.2, 0.3)}, {"b": (0.2, 0.4), "a": (0.0, 0.1)}],
        0.1,
    ),
    (
        [
            {"a": (0.2, 0.3)},
            {"b": (0.0, 0.3)},
            {"a": (0.2, 0.3)},
            {"a": (0.2, 0.3)},
            {"a": (0.2, 0.3)},
        ],
        0.1,
    ),
    ([{"a": (0.1, 0.3)}, {"a": (0.1, 0.3)}, {"a": (0.11, 0.3)}, {"a": (0.12, 0.3)}], 0.1),
    ([{"a": (-0.3, -0.2)}, {"a": (-0.3, -0.2)}], 0.1),
    ([{"a": (0.0, 0.3)}, {"a": (0.05, 0.3)}, {"a": (0.05, 0.4)}], 0.1),
    ([{"a": (0.3, 0.4)}, {"a": (0.3, 0.4)}, {"a": (0.3, 0.4)}], 0.2),
    ([{"b": (0.3, 0.4)}, {}, {"b": (0.3, 0.4)}], 0.2),
    ([{"a": (0.001, 0.4)}, {"a": (0.002, 0.4)}], 0),
    ([{"a": (0.3, 0.4)}], 0.2),
    ([], 0.2),
    # Two tasks are rolled back, on different days; and the same with their names exchanged.
    ([{"a": _FREE, "b": _BAD}, {"a": _FREE, "b": _BAD}, {"a": _BAD}, {"a": _BAD}], 0.1),
    ([{"b": _FREE, "a": _BAD}, {"b": _FREE, "a": _BAD}, {"b": _BAD}, {"b": _BAD}], 0.1),
    # Another task is harmed beside the one that decides.
    ([{"a": (0.2, 0.3), "b": (0.3, 0.4)}, {"a": (0.25, 0.3), "b": (0.2, 0.3)}], 0.1),
    ([{"a": (0.2, 0.3)}, {"b": (0.2, 0.3), "a": (0.3, 0.4)}], 0.1),
    ([{"a": (0.2, 0.3)}, {"a": (0.3, 0.4), "b": (0.2, 0.3)}], 0.1),
]


def walking(
    harmed: Callable[[tuple[float, float], float], bool], in_a_row: int = 2, keeps: bool = False
) -> Slip:
    """The first day on which a task has been harmed so many days in a row."""

    def found(days: list[Day], x: float) -> int:
        runs: dict[str, int] = {}
        for at, day in enumerate(days):
            now = {task: runs.get(task, 0) + 1 for task, span in day.items() if harmed(span, x)}
            runs = {**runs, **now} if keeps else now
            if any(runs[task] >= in_a_row for task in now):
                return at
        return -1

    return found


def _low(span: tuple[float, float], x: float) -> bool:
    return span[0] > x


right_rollback = walking(_low)


def _any_task(days: list[Day], x: float) -> int:
    bad = [any(_low(span, x) for span in day.values()) for day in days]
    return next((at for at in range(1, len(days)) if bad[at - 1] and bad[at]), -1)


def _first_task(days: list[Day], x: float) -> int:
    """Task by task: the first that is rolled back."""
    for task in dict.fromkeys(task for day in days for task in day):
        at = right_rollback([{one: day[one] for one in day if one == task} for day in days], x)
        if at >= 0:
            return at
    return -1


def _of_each_day(kept: Callable[[Day, float], set[str]]) -> Slip:
    """Two days in a row of which something, not empty, is the same."""

    def found(days: list[Day], x: float) -> int:
        sets = [kept(day, x) for day in days]
        return next((at for at in range(1, len(days)) if sets[at] and sets[at] == sets[at - 1]), -1)

    return found


def _missing_keeps(days: list[Day], x: float) -> int:
    """Only a day on which the task is there, and does not suffer, ends its run."""
    before: dict[str, bool] = {}
    for at, day in enumerate(days):
        now = {task: _low(span, x) for task, span in day.items()}
        if any(bad and before.get(task, False) for task, bad in now.items()):
            return at
        before.update(now)
    return -1


def _without_empty(days: list[Day], x: float) -> int:
    kept = [at for at, day in enumerate(days) if day]
    found = right_rollback([days[at] for at in kept], x)
    return kept[found] if found >= 0 else -1


def _harmed(day: Day, x: float) -> list[str]:
    return [task for task, span in day.items() if _low(span, x)]


MISTAKES: dict[str, Slip] = {
    "the first task that is rolled back decides, not the first day": _first_task,
    "the days' sets of harmed tasks have to be equal for you; one task in both is enough": (
        _of_each_day(lambda day, x: set(_harmed(day, x)))
    ),
    "only the worst task of each day is looked at; one task in both days is enough": _of_each_day(
        lambda day, x: set(sorted(_harmed(day, x), key=lambda task: -day[task][0])[:1])
    ),
    "only the first harmed task of each day is looked at": _of_each_day(
        lambda day, x: set(_harmed(day, x)[:1])
    ),
    "the first bad day is returned; two in a row are asked for": walking(_low, in_a_row=1),
    "three days in a row are asked for": walking(_low, in_a_row=3),
    "two bad days of a task count although others lie between": walking(_low, keeps=True),
    "a task that is missing on a day keeps its bad day before; a task that is missing does not "
    "suffer on that day": _missing_keeps,
    "a day without tasks is passed over; on such a day no task suffers": _without_empty,
    "a bad day of one task and the next of another count as two in a row": _any_task,
    "the middle of the interval decides; a harm is shown where its lower end is above x": walking(
        lambda span, x: sum(span) / 2 > x
    ),
    "the upper end of the interval decides; a harm is shown where its lower end is above x": (
        walking(lambda span, x: span[1] > x)
    ),
    "a lower end of exactly x counts as harm": walking(lambda span, x: span[0] >= x),
    "x is not used": walking(lambda span, x: span[0] > 0),
    "a gain that is shown counts as harm": walking(lambda span, x: span[0] > x or span[1] < -x),
    "days are counted from 1; the first is day 0": lambda days, x: (
        right_rollback(days, x) + (right_rollback(days, x) >= 0)
    ),
    "the first of the two days is returned": lambda days, x: max(right_rollback(days, x) - 1, -1),
}


def _told(case: Case) -> str:
    return call_of("rollback_day", case)


def check_rollback(answer: Any) -> None:
    compare(
        leaving(answer, ("days", "x"), _told),
        CASES,
        right_rollback,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


TASK = Task(
    id="40.8",
    prompt="Return the first day on which one task's harm is shown for the second day in a row.",
    check_answer=check_rollback,
    hints=(
        "A task is harmed on a day if the lower end of its interval is above x.",
        "Keep the set of tasks that were harmed on the day before; a task in both sets ends it.",
        "before = set(); for at, day in enumerate(days): now = {t for t, (low, high) in "
        "day.items() if low > x}; if now & before: return at; before = now. At the end return -1.",
    ),
    insight="The rule is written before the launch, so nobody argues at night.",
)
