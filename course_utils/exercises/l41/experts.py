"""Task 41.8: how many experts are loaded when every task routes alone."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_CASES: list[Case] = [
    (32, 2, 2),
    (32, 2, 4),
    (32, 2, 8),
    (32, 2, 1),
    (8, 8, 5),
    (8, 1, 0),
    (1, 1, 3),
    (6, 5, 2),
    (10, 3, 1_000),
    (1_000, 2, 3),
]


def right_experts(experts: int, active: int, tasks: int) -> float:
    return float(experts * (1 - (1 - active / experts) ** tasks))


def with_replacement(experts: int, active: int, tasks: int) -> float:
    """As if one task could draw one expert twice."""
    return float(experts * (1 - (1 - 1 / experts) ** (active * tasks)))


def _pairs(experts: int, active: int, tasks: int) -> float:
    """Less what two tasks have in common, and nothing for three."""
    both = comb(tasks, 2) * active * active / experts
    return float(tasks * active - both)


MISTAKES: dict[str, Callable[..., Any]] = {
    "experts that two tasks share are counted twice": lambda n, k, m: float(k * m),
    "the sum is only cut at the number of experts: min(n, k m) is the greatest, not the mean": (
        lambda n, k, m: float(min(n, k * m))
    ),
    "all tasks choose the same experts": lambda n, k, m: float(k if m else 0),
    "a task may draw one expert twice; its experts are different": with_replacement,
    "common experts of pairs are taken away, those of three tasks not put back": _pairs,
    "this is the mean number that nobody uses": lambda n, k, m: float(n * (1 - k / n) ** m),
    "this is the mean number that all tasks use": lambda n, k, m: float(n * (k / n) ** m),
    "the share of experts is returned, not their number": (
        lambda n, k, m: right_experts(n, k, m) / n
    ),
    "the mean is rounded to a whole number": lambda n, k, m: float(round(right_experts(n, k, m))),
}


def check_experts(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_experts,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("loaded", case)


TASK = Task(
    id="41.8",
    prompt="Return the mean number of experts that at least one of the tasks uses.",
    check_answer=check_experts,
    hints=(
        "Look at one expert: what is the probability that no task uses it?",
        "One task leaves it out with 1 - k/n, all m tasks with (1 - k/n)**m. The mean of a sum is "
        "the sum of the means, independent or not.",
        "return experts * (1 - (1 - active / experts) ** tasks)",
    ),
    insight="Two of 32 is sparse for one task. For eight tasks it is 13 of 32; for a batch, all.",
)
