"""Task 40.2: from who suffers to the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among
from course_utils.exercises.theirs import shorten

Span = tuple[float, float]
Harms = Mapping[str, Span]
Case = tuple[Harms, Harms, Harms, float]
Suffers = Callable[[float, float, float], bool]
Slip = Callable[[Harms, Harms, Harms, float], str]

ARGUMENTS = ("equal", "normalised", "wider", "x")
CAUSES = ("no harm shown", "scale", "not cured", "room", "direction", "capacity")

_FREE, _HARMED = (-0.01, 0.01), (0.2, 0.3)
_SPANS: list[Span] = [_FREE, (0.004, 0.02), (-0.02, 0.09), (0.01, 0.03), (-0.3, -0.2)]
_SPANS += [_HARMED, (0.011, 0.012)]
_CHANCES = {
    "mostly free": (0.45, 0.12, 0.12, 0.12, 0.11, 0.05, 0.03),
    "free": (0.5, 0.125, 0.125, 0.125, 0.125, 0.0, 0.0),
    "harmed": (0.2, 0.1, 0.1, 0.1, 0.05, 0.35, 0.1),
}


def _of(*tasks: str, among: str) -> dict[str, Span]:
    """These tasks suffer, and the others of some letters do not."""
    return {one: _HARMED if one in tasks else _FREE for one in among}


def _drawn(count: int) -> list[Case]:
    """Harms of one to seven tasks, in any order: many tasks suffer, some, and none."""
    draw = np.random.default_rng(402)
    cases: list[Case] = []
    for at in range(count):
        tasks = list("ABCDEFG"[: 1 + at % 7])
        kinds = (
            ("harmed", "harmed", "free"),
            ("harmed", "mostly free", "free"),
            ("mostly free", "harmed", "mostly free"),
            ("harmed", "free", "harmed"),
        )[at % 4]
        harms: list[Harms] = []
        for kind in kinds:
            drawn = draw.choice(len(_SPANS), size=len(tasks), p=_CHANCES[kind])
            spans = {task: _SPANS[k] for task, k in zip(tasks, drawn, strict=True)}
            harms.append({tasks[k]: spans[tasks[k]] for k in draw.permutation(len(tasks))})
        cases.append((harms[0], harms[1], harms[2], (0.01, 0.0, 0.01, 0.05)[draw.integers(4)]))
    return cases


CASES: list[Case] = [
    (
        {"click": (-0.01, 0.01), "like": (0.0, 0.02), "buy": (0.2, 0.3)},
        {"click": (-0.01, 0.01), "like": (0.0, 0.02), "buy": (0.2, 0.3)},
        {"click": (-0.02, 0.0), "like": (-0.01, 0.01), "buy": (-0.01, 0.01)},
        0.01,
    ),
    # P, Q and R of the lesson; exactly half; one task of one.
    (_of("C", "D", "E", "F", among="ABCDEF"), _of(among="ABCDEF"), _of(among="ABCDEF"), 0.01),
    (_of("D", among="ABCD"), _of("D", among="ABCD"), _of(among="ABCD"), 0.01),
    (_of(*"ABCDEF", among="ABCDEF"), _of(*"ABCDEF", among="ABCDEF"), _of(among="ABCDEF"), 0.01),
    (_of("A", "B", among="ABCD"), _of("A", "B", among="ABCD"), _of(among="ABCD"), 0.01),
    (_of("A", among="A"), _of("A", among="A"), _of(among="A"), 0.0),
    # More tasks suffer with equal weights; another one is left with normalised losses.
    (_of("A", "B", "C", among="ABCD"), _of("D", among="ABCD"), _of(among="ABCD"), 0.01),
    (_of("A", among="ABCD"), _of("A", "B", "C", among="ABCD"), _of(among="ABCD"), 0.01),
    # No task suffers at first, and one does later.
    (_of(among="ABC"), _of("A", among="ABC"), _of("A", among="ABC"), 0.01),
    # Two tasks: one suffers, both do, one of them is not cured, scale.
    (_of("A", among="AB"), _of("A", among="AB"), _of(among="AB"), 0.01),
    (_of("A", "B", among="AB"), _of("A", "B", among="AB"), _of("B", among="AB"), 0.01),
    (_of("A", "B", among="AB"), _of("A", "B", among="AB"), _of(among="AB"), 0.01),
    (_of("A", among="AB"), _of(among="AB"), _of(among="AB"), 0.01),
    # Width cures some and not all, or harms a task that did not suffer.
    (_of("A", "B", among="ABC"), _of("A", "B", among="ABC"), _of("A", among="ABC"), 0.01),
    (_of("A", among="ABC"), _of("A", among="ABC"), _of("B", among="ABC"), 0.01),
    (_of("A", among="ABC"), _of("A", among="ABC"), _of("A", "B", "C", among="ABC"), 0.01),
    *_drawn(84),
]


def _low(low: float, high: float, x: float) -> bool:
    return low > x


def causes(
    suffers: Suffers = _low,
    few: Callable[[int, int], bool] = lambda count, tasks: 2 * count < tasks,
    by_equal: bool = False,
    cured: Callable[[int, int], bool] = lambda count, tasks: count == 0,
    open_: Callable[[int, int], bool] = lambda count, tasks: tasks < 3,
) -> Slip:
    """The rule, with another idea of who suffers, of how many are few, of what is cured and open.

    Args:
        suffers: from the two ends of an interval and x. few, cured, open_: from how many tasks
            suffer, and how many tasks there are. by_equal: count them with equal weights.
    """

    def found(equal: Harms, normalised: Harms, wider: Harms, x: float) -> str:
        at_first, left, after = (
            sum(suffers(low, high, x) for low, high in harms.values())
            for harms in (equal, normalised, wider)
        )
        tasks = len(equal)
        if not at_first:
            return "no harm shown"
        if not left:
            return "scale"
        if not cured(after, tasks):
            return "not cured"
        if open_(left, tasks):
            return "room"
        return "direction" if few(at_first if by_equal else left, tasks) else "capacity"

    return found


right_cause = causes()


def _scale_first(equal: Harms, normalised: Harms, wider: Harms, x: float) -> str:
    if not any(low > x for low, _ in normalised.values()):
        return "scale"
    return right_cause(equal, normalised, wider, x)


def _exchanged(equal: Harms, normalised: Harms, wider: Harms, x: float) -> str:
    found = right_cause(equal, normalised, wider, x)
    return {"direction": "capacity", "capacity": "direction"}.get(found, found)


MISTAKES: dict[str, Slip] = {
    "the middle of the interval decides; a task suffers where its lower end is above x": causes(
        lambda low, high, x: (low + high) / 2 > x
    ),
    "the upper end of the interval decides; a task suffers where its lower end is above x": causes(
        lambda low, high, x: high > x
    ),
    "a lower end of exactly x counts as suffering": causes(lambda low, high, x: low >= x),
    "x is not used: a harm above 0 counts as suffering": causes(lambda low, high, x: low > 0),
    "a task that is better than its twin counts as suffering": causes(
        lambda low, high, x: low > x or high < -x
    ),
    "half of the tasks are few for you; 'fewer than half' is asked for": causes(
        few=lambda count, tasks: 2 * count <= tasks
    ),
    "the tasks are counted with equal weights, not with normalised losses": causes(by_equal=True),
    "the wider trunk is not looked at": causes(cured=lambda count, tasks: True),
    "one task that still suffers is no matter; 'not cured' needs one only": causes(
        cured=lambda count, tasks: count < tasks
    ),
    "scale is named although no task suffered at first": _scale_first,
    "direction and capacity are exchanged": _exchanged,
    "with fewer than three tasks a cause is named; return 'room'": causes(
        open_=lambda count, tasks: False
    ),
}


_told = partial(call_of, "cause")


def _read(got: Any, case: Case) -> str:
    if not among(got, CAUSES):
        reject(f"{_told(case)} must be one of {', '.join(map(repr, CAUSES))}, got {shorten(got)}.")
    return str(got)


def check_cause(answer: Any) -> None:
    compare(leaving(answer, ARGUMENTS, _told), CASES, right_cause, _read, _told, MISTAKES)


TASK = Task(
    id="40.2",
    prompt="Name the cause from who suffers in three joint networks.",
    check_answer=check_cause,
    hints=(
        "Write first which tasks suffer in one network: those whose lower end is above x.",
        "Count the tasks that suffer in each of the three networks; then go down the rows of the "
        "table and return at the first that fits.",
        "first, left, after = counts; not first: 'no harm shown'; not left: 'scale'; after: "
        "'not cured'; fewer than three tasks: 'room'; 2 * left < number of tasks: 'direction'; "
        "else 'capacity'.",
    ),
    insight="With three tasks or more, who suffers tells direction from capacity; the cure is the "
    "same, room.",
)
