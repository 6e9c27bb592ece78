"""Task 54.5: which weights were never trained, and which are one and the same?"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list, refuse_none
from course_utils.exercises.theirs import shorten

Weights = dict[str, np.ndarray]


def _weights(**named: Any) -> Weights:
    return {name: np.array(value, float) for name, value in named.items()}


_START = _weights(gate=[1, 2], e0=[[1, 1]], e1=[[1, 1]], table=[[5], [6]])
CASES: list[Case] = [
    (_START, _weights(gate=[1, 3], e0=[[2, 1]], e1=[[2, 1]], table=[[5], [6]])),
    (_START, _weights(gate=[2, 2], e0=[[2, 1]], e1=[[1, 2]], table=[[5], [7]])),
    # One number of a table moved, far behind.
    (_weights(a=np.zeros((2, 3))), _weights(a=[[0, 0, 0], [0, 0, 1e-6]])),
    # The sum stays, the numbers do not.
    (_weights(a=[1, -1], b=[0, 0]), _weights(a=[2, -2], b=[0, 0])),
    # The same numbers in another shape are no pair; three of one shape are three pairs.
    (_weights(a=[1, 2], b=[[1, 2]]), _weights(a=[3, 4], b=[[3, 4]])),
    (_weights(c=[0], b=[0], a=[0]), _weights(c=[1], b=[1], a=[1])),
    (_weights(a=[[1, 1]], b=[1, 1]), _weights(a=[[2, 2]], b=[3, 3])),
    ({}, {}),
    (_weights(z=[1], a=[2]), _weights(z=[1], a=[2])),
    # A step of 1e-12 is a step, and what nearly agrees is no pair.
    (_weights(a=[1, 1], b=[1, 1], c=[5]), _weights(a=[1, 1 + 1e-12], b=[1, 1], c=[5])),
    # Frozen weights may be twins; the two dictionaries have another order.
    (_weights(b=[1], a=[1], c=[2]), _weights(a=[1], c=[3], b=[1])),
    # Apart before, one and the same after.
    (_weights(a=[1], b=[2]), _weights(a=[3], b=[3])),
    # The length of a stays, its numbers do not; b against c is equal by broadcasting alone.
    (_weights(a=[3, 4], b=[[1]], c=[[1, 1, 1]]), _weights(a=[4, 3], b=[[7]], c=[[7, 7, 7]])),
    # Two groups that interlock: pairs are sorted over both.
    (_weights(a=[0], b=[0], c=[0], d=[0], e=[0]), _weights(a=[1], b=[2], c=[1], d=[1], e=[2])),
]


def right_suspects(before: Weights, after: Weights) -> dict[str, list[Any]]:
    names = sorted(after)
    return {
        "frozen": [name for name in names if np.array_equal(before[name], after[name])],
        "twins": [
            (one, other)
            for k, one in enumerate(names)
            for other in names[k + 1 :]
            if np.array_equal(after[one], after[other])
        ],
    }


def _frozen_by(same: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def suspects(before: Weights, after: Weights) -> dict[str, list[Any]]:
        found = right_suspects(before, after)
        found["frozen"] = [name for name in sorted(after) if same(before[name], after[name])]
        return found

    return suspects


def _twins_by(same: Callable[[Any, Any], bool], which: str = "after") -> Callable[..., Any]:
    def suspects(before: Weights, after: Weights) -> dict[str, list[Any]]:
        names, of = sorted(after), after if which == "after" else before
        pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
        twins = [pair for pair in pairs if same(of[pair[0]], of[pair[1]])]
        return right_suspects(before, after) | {"twins": twins}

    return suspects


def _both_orders(before: Weights, after: Weights) -> dict[str, list[Any]]:
    found = right_suspects(before, after)
    found["twins"] = sorted([*found["twins"], *((b, a) for a, b in found["twins"])])
    return found


def _neighbours(before: Weights, after: Weights) -> dict[str, list[Any]]:
    found, names = right_suspects(before, after), sorted(after)
    follow = list(itertools.pairwise(names))
    found["twins"] = [pair for pair in found["twins"] if pair in follow]
    return found


def _unsorted(before: Weights, after: Weights) -> dict[str, list[Any]]:
    found = right_suspects(before, after)
    found["frozen"] = [name for name in after if name in found["frozen"]]
    return found


def _without_frozen(before: Weights, after: Weights) -> dict[str, list[Any]]:
    found = right_suspects(before, after)
    found["twins"] = [pair for pair in found["twins"] if not {*pair} & {*found["frozen"]}]
    return found


MISTAKES: dict[str, Callable[..., Any]] = {
    "a weight counts as frozen if any of its numbers stays": _frozen_by(
        lambda a, b: bool((a == b).any())
    ),
    "sums are compared: numbers that move against each other look still": _frozen_by(
        lambda a, b: a.sum() == b.sum()
    ),
    "small steps are called none: np.allclose forgives 1e-8 and more": _frozen_by(
        lambda a, b: bool(np.allclose(a, b))
    ),
    "arrays that nearly agree are called twins": _twins_by(
        lambda a, b: a.shape == b.shape and bool(np.allclose(a, b))
    ),
    "a frozen weight is left out of the twins": _without_frozen,
    "the moved weights are listed, not the frozen": _frozen_by(
        lambda a, b: not np.array_equal(a, b)
    ),
    "numbers of different shapes are called twins": _twins_by(
        lambda a, b: a.size == b.size and bool((a.ravel() == b.ravel()).all())
    ),
    "twins are looked for before training; they may have parted": _twins_by(
        np.array_equal, "before"
    ),
    "each pair stands twice": _both_orders,
    "only neighbours in the alphabet are compared": _neighbours,
    "the names of frozen weights are in the order of the dictionary, not sorted": _unsorted,
    "equal shapes are called twins, whatever the numbers": _twins_by(
        lambda a, b: a.shape == b.shape
    ),
}


def _shown(case: Case) -> str:
    return call_of("suspects", case)


def _read(got: Any, case: Case) -> dict[str, list[Any]]:
    what = _shown(case)
    refuse_none(got, what, "a dictionary")
    if not isinstance(got, dict) or set(got) != {"frozen", "twins"}:
        reject(f"{what} must be a dictionary with 'frozen' and 'twins', got {shorten(got)}.")
    pairs = as_list(got["twins"], f"{what}: 'twins'")
    if not all(isinstance(one, (tuple, list)) and len(one) == 2 for one in pairs):
        reject(f"{what}: 'twins' must be pairs of names, got {shorten(pairs)}.")
    return {
        "frozen": as_list(got["frozen"], f"{what}: 'frozen'"),
        "twins": [tuple(one) for one in pairs],
    }


def check_suspects(answer: Any) -> None:
    names = ("before", "after")
    compare(leaving(answer, names, _shown), CASES, right_suspects, _read, _shown, MISTAKES)


TASK = Task(
    id="54.5",
    prompt="Return the frozen weights and the pairs of equal ones.",
    check_answer=check_suspects,
    hints=(
        "np.array_equal compares shape and every number. Which two dictionaries for 'frozen', and "
        "which one, with itself, for 'twins'?",
        "names = sorted(after). Frozen: before[name] equals after[name]. Twins: two loops, the "
        "second over the names behind the first, so that a pair stands once.",
        "[(a, b) for k, a in enumerate(names) for b in names[k + 1:] if "
        "np.array_equal(after[a], after[b])].",
    ),
    insight="Two snapshots and ten lines find what a falling loss hides.",
)
