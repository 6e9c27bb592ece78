"""Task 41.6: what a network costs, counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

_CASES: list[Case] = [
    (10, [4], [], 2),
    (512, [256, 128], [32], 4),
    (7, [5, 3], [2, 2], 3),
    (6, [], [4], 2),
    (6, [], [], 3),
    (20, [8], [4], 1),
    (3, [9, 2, 6], [5], 5),
]


def _dense(widths: Sequence[int]) -> tuple[int, int]:
    """Parameters and multiply-adds of layers from each width to the next."""
    products = sum(a * b for a, b in pairwise(widths))
    return products + sum(widths[1:]), products


def right_cost(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    body, head = _parts(inputs, trunk, tower)
    return body[0] + tasks * head[0], body[1] + tasks * head[1]


def _parts(inputs: int, trunk: Any, tower: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    body = [inputs, *trunk]
    return _dense(body), _dense([body[-1], *tower, 1])


def separate(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    one = right_cost(inputs, trunk, tower, 1)
    return tasks * one[0], tasks * one[1]


def _one_tower(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    body, head = _parts(inputs, trunk, [*tower])
    last = tower[-1] if tower else [inputs, *trunk][-1]
    return (
        body[0] + head[0] + (tasks - 1) * (last + 1),
        body[1] + head[1] + (tasks - 1) * last,
    )


def _no_last(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    body = [inputs, *trunk]
    head = _dense([body[-1], *tower])
    return _dense(body)[0] + tasks * head[0], _dense(body)[1] + tasks * head[1]


def _from_inputs(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    body, head = _dense([inputs, *trunk]), _dense([inputs, *tower, 1])
    return body[0] + tasks * head[0], body[1] + tasks * head[1]


def _trunk_alone(inputs: int, trunk: Any, tower: Any, tasks: int) -> tuple[int, int]:
    return right_cost(inputs, trunk, tower, 1)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the trunk is counted once for each task: that is the cost of separate models": separate,
    "one tower serves all tasks, with a unit for each; every task has a tower of its own": (
        _one_tower
    ),
    "only one task's tower is counted": _trunk_alone,
    "the last layer, from the tower to one number, is left out": _no_last,
    "towers read the inputs; they read the trunk": _from_inputs,
    "biases are left out of the parameters": lambda *case: (
        right_cost(*case)[1],
        right_cost(*case)[1],
    ),
    "a bias is counted as a multiply-add": lambda *case: (
        right_cost(*case)[0],
        right_cost(*case)[0],
    ),
    "a multiply-add is counted as two; the text counts it as one": lambda *case: (
        right_cost(*case)[0],
        2 * right_cost(*case)[1],
    ),
    "the two numbers are exchanged": lambda *case: right_cost(*case)[::-1],
}


def check_cost(answer: Any) -> None:
    names = ("inputs", "trunk", "tower", "tasks")
    compare(
        leaving(answer, names, _told),
        _CASES,
        right_cost,
        _read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)}: {('parameters', 'multiply-adds')[at[0]]}",
    )


def _told(case: Case) -> str:
    return call_of("cost", case)


def _read(got: Any, case: Case) -> tuple[int, int]:
    pair = as_array(got, f"{_told(case)}: (parameters, multiply-adds)", (2,))
    if not (pair == np.rint(pair)).all():
        reject(f"{_told(case)}: both are counts, got {pair.tolist()}.")
    return int(pair[0]), int(pair[1])


TASK = Task(
    id="41.6",
    prompt="Return the parameters and the multiply-adds a row of one trunk with K towers.",
    check_answer=check_cost,
    hints=(
        "A layer from a to b numbers has a * b weights, b biases, and a * b multiply-adds a row.",
        "The widths of the trunk are [inputs, *trunk], those of one tower [its last, *tower, 1].",
        "def dense(w): n = sum(a * b for a, b in zip(w, w[1:])); return n + sum(w[1:]), n. "
        "The trunk once, the tower tasks times.",
    ),
    insight="What sharing saves is the trunk, K - 1 times. Ask which part of a network is large.",
)
