"""Task 20.5: which setting to launch, if any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l20.settings import (
    ARTICLE,
    MISTAKES,
    Case,
    mean_of_tasks,
    right_launch,
)
from course_utils.exercises.theirs import shorten


def _case(margin: float, starved: str, **gains: Mapping[str, Sequence[float]]) -> Case:
    """Settings from their gains in thousandths; scores of markets differ much."""
    alone = {
        task: [round(base + step, 3) for step in (0.0, 0.04, -0.03, 0.02)]
        for task, base in {"click": 0.74, "purchase": 0.66, "save": 0.8}.items()
        if task in next(iter(gains.values()))
    }
    settings = {
        name: {
            task: [round(a + g / 1000, 4) for a, g in zip(alone[task], of, strict=True)]
            for task, of in one.items()
        }
        for name, one in gains.items()
    }
    return settings, alone, starved, margin


def _at(margin: float, twins: Mapping[str, list[float]], **gains: Mapping[str, Any]) -> Case:
    """The same over any twins, of any number of markets."""
    settings = {
        name: {
            task: [round(a + g / 1000, 4) for a, g in zip(twins[task], of, strict=True)]
            for task, of in one.items()
        }
        for name, one in gains.items()
    }
    return settings, {task: list(of) for task, of in twins.items()}, "purchase", margin


_EVEN = [1, 2, 2, 3]

_THREE = {"purchase": [0.70, 0.72, 0.71]}
_FOUR = {"click": [0.74, 0.78, 0.71, 0.76], "purchase": [0.66, 0.70, 0.63, 0.68]}
_SEVEN = {
    "click": [0.74, 0.78, 0.71, 0.76, 0.73, 0.75, 0.77],
    "purchase": [0.66, 0.70, 0.63, 0.68, 0.65, 0.67, 0.69],
}
_UP, _SAME = [10, 10, 10, 10], [0, 0, 0, 0]
_OFF = [-2, 1, 2, 0]  # its lower end is -0.0024675

_CASES: list[Case] = [
    _case(0.002, "purchase",
          equal={"click": [-9, -11, -10, -12], "purchase": [60, 70, 66, 64]},
          tenth={"click": [0, 1, -1, 0], "purchase": [20, 22, 18, 24]},
          hundredth={"click": _EVEN, "purchase": [4, 6, 3, 5]}),
    _case(0.001, "purchase",
          a={"click": [-6, 7, 5, -4], "purchase": [30, 28, 31, 29]},
          b={"click": _EVEN, "purchase": [1, 2, 1, 3]}),
    _case(0.0, "click", a={"click": [20, -30, 5, -40], "purchase": _EVEN}),
    _case(0.004, "click",
          a={"click": [6, 5, 7, 6], "purchase": [-1, -2, 0, -1], "save": [2, 2, 3, 1]},
          b={"click": [5, 6, 4, 5], "purchase": [30, 31, 29, 30], "save": [2, 3, 2, 1]},
          c={"click": [5, 5, 5, 6], "purchase": [20, 21, 20, 19], "save": [30, 29, 31, 30]}),
    _case(0.005, "purchase",
          a={"click": [-6, 7, 5, -4], "purchase": [30, 28, 31, 29]},
          b={"click": _EVEN, "purchase": [1, 2, 1, 3]}),
    _case(0.003, "purchase",
          a={"click": _EVEN, "purchase": [5, 4, 6, 5]},
          b={"click": [2, 3, 1, 2], "purchase": [5, 4, 6, 5]}),
    _case(0.05, "purchase",
          a={"click": _EVEN, "purchase": [2, 1, 2, 3]},
          c={"click": _EVEN, "purchase": [10, 10, 11, 9]},
          b={"click": _EVEN, "purchase": [40, -8, 30, 2]}),
    _case(0.002, "purchase",
          a={"click": [-1, 0, -1, 1], "purchase": [-20, -30, -25, -22]},
          b={"click": [-30, -33, -31, -29], "purchase": [9, 8, 7, 9]}),
    # Twice the spread of 1.96 and of t: -0.0030 and -0.0055.
    _case(0.004, "purchase",
          a={"click": [-3, 2, 3, -2], "purchase": [12, 14, 13, 12]},
          b={"click": _EVEN, "purchase": [3, 4, 4, 3]}),
    _case(0.0025, "purchase",
          a={"click": [-3, 3, 4, 3], "purchase": [8, 9, 8, 7]},
          b={"click": [0, 1, 0, -1], "purchase": [6, 7, 6, 5]}),
    _case(0.001, "purchase", a={"click": [-2, -2, 2, 3], "purchase": _EVEN}),
    _case(0.002, "purchase",
          a={"purchase": [11, 12, 10, 11]}, b={"purchase": [7, 8, 6, 7]}),
    # The example of the text, with three markets.
    _at(0.0, _THREE, only={"purchase": [10, 10, 20]}),
    _at(0.002, _THREE, only={"purchase": [10, 10, 20]}),
    _at(0.008, _THREE, only={"purchase": [0, 0, 10]}),
    # At the margin: a copy of the twins. A mean gain below 0 within it.
    _at(0.0, _FOUR, copy={"click": _SAME, "purchase": _SAME}),
    _at(0.005, _FOUR, only={"click": [1, 1, 1, 1], "purchase": [-1, -1, -1, -1]}),
    # A loss that rounding hides.
    _at(0.0, _FOUR, only={"click": [-0.4] * 4, "purchase": _UP}),
    # A third task decides; the tasks stand in another order.
    _at(0.0, _FOUR | {"save": [0.80, 0.84, 0.77, 0.82]},
        only={"click": _UP, "purchase": [10, 11, 10, 11], "save": [-100, -90, -95, -99]}),
    _at(0.0, _FOUR, only={"purchase": [10, 12, 11, 10], "click": [1, 2, 2, 1]}),
    # Of equal ones the first is not the first by name.
    _at(0.05, _FOUR, b={"click": _UP, "purchase": _UP}, a={"click": _UP, "purchase": _UP}),
    # Not the median, not the greatest gain.
    _at(0.05, _FOUR, even={"click": _SAME, "purchase": _UP},
        one={"click": _SAME, "purchase": [8, 8, 8, 50]}),
    _at(0.05, _FOUR, even={"click": _SAME, "purchase": [20, 20, 20, 20]},
        one={"click": _SAME, "purchase": [1, 2, 1, 25]}),
    # Margins on both sides of the lower end, and where 1.96 or 0.95 would put it.
    *(_at(margin, _FOUR, only={"click": _OFF, "purchase": _UP})
      for margin in (0.0024, 0.00246, 0.00248, 0.0016)),
    # Sorted, both lists are equal.
    _at(0.01, _FOUR, only={"click": [40, -40, 50, -50], "purchase": _UP}),
    _at(0.0026, _SEVEN,
        only={"click": [-3, 2, -4, 1, 3, -2, 0], "purchase": [9, 8, 10, 11, 9, 10, 8]}),
]  # fmt: skip


def check_launch(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
    if gots == [mean_of_tasks(*case) for case in _CASES]:
        reject(
            f"{_told(_CASES[0])}the result must be {right_launch(*_CASES[0])!r}, got {gots[0]!r}. "
            f"{ARTICLE}",
            "E8",
        )
    compare(answer, _CASES, right_launch, _read, lambda case: f"{_told(case)}the result", MISTAKES)


def _read(got: Any, case: Any) -> str | None:
    if got is None or (isinstance(got, str) and got in case[0]):
        return got if got is None else str(got)
    reject(
        f"{_told(case)}the result must be one of the names {[*case[0]]} or None, got "
        f"{shorten(got)}."
    )


def _told(case: Any) -> str:
    settings, alone, starved, margin = case
    return with_lines(settings=settings, alone=alone, starved=starved, margin=margin)


TASK = Task(
    id="20.5",
    prompt="Return the name of the setting to launch, or None if none may be launched.",
    check_answer=check_launch,
    hints=(
        "First throw out every setting with a task that may have lost more than the margin.",
        "The lower end is mean - t * s / sqrt(n) of a task's gains, s with n - 1 below. Compare it "
        "with -margin, for every task.",
        "Loop over settings.items(); keep a setting if all(low(np.subtract(scores[task], "
        "alone[task])) >= -margin for task in alone) and its mean gain of the starved task is "
        "above the best so far.",
    ),
    insight="A rule written down before the numbers come in cannot be bent by them. An average "
    "over tasks lets a large gain hide a loss that somebody else has to answer for.",
    errata={"E8": 'one model "effectively improves the effect", of which task is not said'},
)
