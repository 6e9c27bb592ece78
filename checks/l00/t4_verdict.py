"""Task 00.4: the word of a verdict, from its interval."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("00.4")

WORDS = ("better", "worse", "no difference shown")
INTERVALS = [
    (0.01, 0.02),
    (-0.02, -0.01),
    (-0.01, 0.02),
    (0.0, 0.02),
    (-0.02, 0.0),
    (0, 0),
    (1e-9, 3),
    (-3, -1e-9),
    (-1, 50),
    (-50, 1),
    (7, 7),
    (2, 90),
    (1e-200, 2e-200),
]
CASES: list[Case] = [(*ends, higher) for ends in INTERVALS for higher in (True, False)]


def check_word(answer: Any) -> None:
    for case in CASES:
        call, got = in_one_line(right)(case), answer(*case)
        words = f"one of {', '.join(map(repr, WORDS))}"
        refuse_none(got, call, words)
        if not isinstance(got, str) or got not in WORDS:
            reject(f"{call} must be {words}, got {shorten(got)}.")
        if got != right(*case):
            reject(f"{call} must be {right(*case)!r}, got {got!r}. {_why(*case)}")


def _why(low: float, high: float, higher_is_better: bool) -> str:
    if 0 in (low, high):
        return "An interval that begins or ends at 0 contains 0."
    if low < 0 < high:
        return "The interval contains 0, wherever its middle is."
    side = "above" if low > 0 else "below"
    good = "above" if higher_is_better else "below"
    return f"All of the interval lies {side} 0, and the good side is {good} 0."


TASK = Task(
    "00.4",
    "The word for an interval of the difference A - B.",
    check_word,
    hints=(
        "Which intervals contain 0? Answer those first.",
        "What is left lies on one side of 0. Above 0 means that A is higher than B.",
        "if low <= 0 <= high: ... Then A is better if (low > 0) == higher_is_better, else worse.",
    ),
    insight="The word follows from the interval; how much better is in the interval alone.",
    right=right,
    cases=CASES,
)
