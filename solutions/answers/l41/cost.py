"""Task 41.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.cost import MISTAKES, right_cost


def _loop(inputs: int, trunk: Any, tower: Any, tasks: int) -> Any:
    parameters = products = 0
    width = inputs
    for units in trunk:
        parameters += (width + 1) * units
        products += width * units
        width = units
    for _ in range(tasks):
        at = width
        for units in [*tower, 1]:
            parameters += (at + 1) * units
            products += at * units
            at = units
    return parameters, products


def _arrays(inputs: int, trunk: Any, tower: Any, tasks: int) -> Any:
    body = np.array([inputs, *trunk])
    head = np.array([body[-1], *tower, 1])
    products = body[:-1] @ body[1:] + tasks * (head[:-1] @ head[1:])
    return np.array([products + body[1:].sum() + tasks * head[1:].sum(), products])


def _pops(inputs: int, trunk: Any, tower: Any, tasks: int) -> Any:
    found = right_cost(inputs, trunk, tower, tasks)
    tower.append(1)
    return found


PROOF = Proof(
    task="41.6",
    right=[_loop, _arrays, right_cost],
    wrong=[
        *silent(MISTAKES),
        Wrong(_pops, "changes `tower`", silent=True),
        Wrong(lambda *case: sum(right_cost(*case)), "must have shape (2,)"),
        Wrong(lambda *case: (right_cost(*case)[0] / 3, 1), "both are counts"),
    ],
)
