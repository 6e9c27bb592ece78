"""Task 54.5: which weights were never trained, and which are one and the same?"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_list, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("54.5")
edit, returning = right.edit, right.returning

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

STAYED, EQUAL = (
    "np.array_equal(before[name], after[name])",
    "np.array_equal(after[name], after[other])",
)
SHAPES = "after[name].shape == after[other].shape"

SLIPS = {
    "a weight counts as frozen if any of its numbers stays": edit(
        {STAYED: "(before[name] == after[name]).any()"}
    ),
    "sums are compared: numbers that move against each other look still": edit(
        {STAYED: "before[name].sum() == after[name].sum()"}
    ),
    "small steps are called none: np.allclose forgives 1e-8 and more": edit(
        {STAYED: "np.allclose(before[name], after[name])"}
    ),
    "arrays that nearly agree are called twins": edit(
        {EQUAL: f"{SHAPES} and np.allclose(after[name], after[other])"}
    ),
    "a frozen weight is left out of the twins": edit(
        {EQUAL: f"{EQUAL} and not {{name, other}} & {{*frozen}}"}
    ),
    "the moved weights are listed, not the frozen": edit({STAYED: f"not {STAYED}"}),
    "numbers of different shapes are called twins": edit(
        {EQUAL: "np.array_equal(after[name].ravel(), after[other].ravel())"}
    ),
    "twins are looked for before training; they may have parted": edit(
        {EQUAL: "np.array_equal(before[name], before[other])"}
    ),
    "each pair stands twice": returning(
        "{**result, 'twins': sorted(result['twins'] + [(b, a) for a, b in result['twins']])}"
    ),
    "only neighbours in the alphabet are compared": edit({"k + 1 :": "k + 1 : k + 2"}),
    "the names of frozen weights are in the order of the dictionary, not sorted": edit(
        {"[name for name in names": "[name for name in after"}
    ),
    "equal shapes are called twins, whatever the numbers": edit({EQUAL: SHAPES}),
}

shown = in_one_line(right)


def _read(got: Any, case: Case) -> dict[str, list[Any]]:
    what = shown(case)
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


TASK = checked(
    "54.5",
    "Return the frozen weights and the pairs of equal ones.",
    right,
    CASES,
    SLIPS,
    hints=(
        "np.array_equal compares shape and every number. Which two dictionaries for 'frozen', and "
        "which one, with itself, for 'twins'?",
        "names = sorted(after). Frozen: before[name] equals after[name]. Twins: two loops, the "
        "second over the names behind the first, so that a pair stands once.",
        "[(a, b) for k, a in enumerate(names) for b in names[k + 1:] if "
        "np.array_equal(after[a], after[b])].",
    ),
    insight="Two snapshots and ten lines find what a falling loss hides.",
    shown=shown,
    read=_read,
)
