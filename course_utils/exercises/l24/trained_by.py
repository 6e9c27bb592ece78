"""Task 24.3: whose labels train which experts of PLE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list, refuse_none
from course_utils.exercises.theirs import shorten

Level = dict[str, list[str]]

CASES: list[Case] = [
    (["click", "buy"], 1),
    (["click", "buy"], 2),
    (["view", "click", "buy"], 3),
    (["buy", "cart", "click"], 1),
    (["only"], 1),
    (["only"], 2),
    (["b", "a", "d", "c"], 2),
    (["click", "Buy", "add"], 2),
]


def levels_of(own: Callable[[str, list[str], int, int], list[str]]) -> Callable[..., list[Level]]:
    """Shared experts are trained by all; ``own`` says by whom a task's own experts are."""

    def trained(tasks: list[str], levels: int) -> list[Level]:
        return [
            {
                **{task: sorted(own(task, tasks, at, levels)) for task in tasks},
                "shared": sorted(tasks),
            }
            for at in range(levels)
        ]

    return trained


right_trained_by = levels_of(lambda task, all_, at, n: [task] if at == n - 1 else all_)
always_apart = levels_of(lambda task, all_, at, n: [task])
never_apart = levels_of(lambda task, all_, at, n: all_)
first_apart = levels_of(lambda task, all_, at, n: [task] if at == 0 else all_)
last_two_apart = levels_of(lambda task, all_, at, n: [task] if at >= n - 2 else all_)
one_level_apart = levels_of(lambda task, all_, at, n: [task] if n == 1 else all_)
others = levels_of(
    lambda task, all_, at, n: [task] if at == n - 1 else [one for one in all_ if one != task]
)


def shared_by_none(tasks: list[str], levels: int) -> list[Level]:
    """As if the last level's shared experts, which have no gate of their own, were unused."""
    found = right_trained_by(tasks, levels)
    return [*found[:-1], {**found[-1], "shared": []}]


def in_given_order(tasks: list[str], levels: int) -> list[Level]:
    found = right_trained_by(tasks, levels)
    return [{k: [one for one in tasks if one in v] for k, v in one.items()} for one in found]


def by_lower(tasks: list[str], levels: int) -> list[Level]:
    found = right_trained_by(tasks, levels)
    return [{k: sorted(v, key=str.lower) for k, v in one.items()} for one in found]


MISTAKES: dict[str, Callable[..., list[Level]]] = {
    "Own experts are trained by one task alone on the last level only: below, the shared gate "
    "mixes all experts, and every task reads the mixture.": always_apart,
    "On the last level a task's gate reads the task's own experts and the shared experts, and no "
    "others.": never_apart,
    "The last level keeps tasks apart, not the first level; the list begins with the level that "
    "reads x.": first_apart,
    "On the last level but one there is a shared gate, too.": last_two_apart,
    "The last level keeps tasks apart however many levels there are.": one_level_apart,
    "A task's own experts are trained by that task, too.": others,
    "The last level has no shared gate, but every task's gate still reads its shared experts.": (
        shared_by_none
    ),
    "Sort the names.": in_given_order,
    "Python's sorted puts capital letters first.": by_lower,
}


def check_trained_by(answer: Any) -> None:
    def place(case: Case, path: tuple[Any, ...]) -> str:
        return f"{_told(case)}: level {path[0]}"

    compare(answer, CASES, right_trained_by, _read, _told, MISTAKES, place)


def _told(case: Case) -> str:
    return call_of("trained_by", case)


def _read(got: Any, case: Case) -> list[Level]:
    (tasks, levels), told = case, _told(case)
    refuse_none(got, told, "a list of dictionaries")
    found = as_list(got, told)
    if len(found) != levels or not all(isinstance(one, dict) for one in found):
        reject(f"{told} must be a list of {levels} dictionaries, got {shorten(got)}.")
    for at, one in enumerate(found):
        if set(one) != {*tasks, "shared"}:
            reject(
                f"{told}: level {at} must have the keys {[*tasks, 'shared']}, got {shorten(one)}."
            )
    keys = [*tasks, "shared"]
    return [
        {key: as_list(one[key], f"{told}: level {at}, {key!r}") for key in keys}
        for at, one in enumerate(found)
    ]


TASK = Task(
    id="24.3",
    prompt="Return, level by level, whose labels train each group of experts of PLE.",
    check_answer=check_trained_by,
    hints=(
        "Follow an expert's output upwards: which gates read it, and which tasks read these gates?",
        "Below the last level a shared gate mixes the experts of all groups, and the shared "
        "experts above it are read by all tasks.",
        "On every level 'shared' is trained by all. A task's own experts: on the last level by "
        "that task, on every other level by all.",
    ),
    insight="One level (CGC) keeps tasks' own experts apart; stacked levels do so at the top only.",
)
