"""Task 32.4: LoRA's output, and the merged matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("32.4")
edit, returning = right.edit, right.returning


def _draw(seed: int, n: int, d: int, h: int, r: int, alpha: float) -> Case:
    draw = np.random.default_rng(seed)
    shapes = [(n, d), (d, h), (h,), (d, r), (r, h)]
    return (*[draw.normal(size=shape).round(3) for shape in shapes], alpha)


CASES: list[Case] = [
    (np.array([[1.0, 2.0]]), np.array([[1.0], [0.5]]), np.array([10.0]),
     np.array([[1.0], [1.0]]), np.array([[2.0]]), 3.0),
    _draw(1, 4, 3, 5, 2, 4.0),
    _draw(2, 1, 6, 2, 1, 0.5),
    # The start: B is zero, and nothing is added.
    (np.array([[1.0, -1.0]]), np.array([[2.0, 1.0], [0.0, 4.0]]), np.zeros(2),
     np.array([[0.3, 0.1], [0.2, 0.7]]), np.zeros((2, 2)), 16.0),
    _draw(3, 7, 4, 4, 4, 8.0),
    # As whole numbers, which a division in place would refuse or cut off.
    (np.array([[2, 1]]), np.array([[1, 3], [5, 2]]), np.array([1, 0]),
     np.array([[1, 2], [3, 1]]), np.array([[1, 1], [2, 0]]), 3),
    _draw(4, 2, 2, 2, 3, 6.0),  # a rank above the inputs is legal
]  # fmt: skip

SCALE, OUTPUT, MERGED = "alpha / A.shape[1]", "x @ W + b + s * ((x @ A) @ B)", "W + s * (A @ B)"

SLIPS = {
    "the bias is added to the merged matrix; it stays a vector of its own": edit(
        {MERGED: f"{MERGED} + b"}
    ),
    "alpha is not divided by the rank": edit({SCALE: "alpha"}),
    "the scale is left out": edit({SCALE: "1.0"}),
    "the scale is in the output and not in the merged matrix": edit({MERGED: "W + A @ B"}),
    "the scale is in the merged matrix and not in the output": edit({"s * ((x": "((x"}),
    "alpha is divided by the root of the rank": edit({SCALE: "alpha / np.sqrt(A.shape[1])"}),
    "alpha is divided by the inputs; the rank is the number of columns of A": edit(
        {SCALE: "alpha / A.shape[0]"}
    ),
    "alpha is divided by the smaller side of A; the rank is its number of columns": edit(
        {SCALE: "alpha / min(A.shape)"}
    ),
    "the adapter's part alone is returned, without x W + b": edit({"x @ W + b + ": ""}),
    "the bias is left out": edit({" + b +": " +"}),
    "the adapter is added to the output of the merged matrix: it counts twice": edit(
        {OUTPUT: f"x @ ({MERGED}) + b + s * ((x @ A) @ B)"}
    ),
    "the change is returned; merged is W plus the change": edit({MERGED: "s * (A @ B)"}),
    "the scale is rounded down to a whole number": edit({SCALE: "alpha // A.shape[1]"}),
}


def check_adapter(answer: Any) -> None:
    compare(
        leaving(answer, right.arguments, _shown),
        CASES,
        lambda *case: _joined(right(*case)),
        _read,
        _shown,
        {words: lambda *case, slip=slip: _joined(slip(*case)) for words, slip in SLIPS.items()},
        _place,
    )


def _joined(pair: Any) -> np.ndarray:
    """The outputs, and below them the merged matrix."""
    return np.vstack([np.asarray(pair[0], float), np.asarray(pair[1], float)])


def _place(case: Case, at: tuple[Any, ...]) -> str:
    row, column = at
    n = len(case[0])
    if row < n:
        return f"{_shown(case)}: y at row {row}, column {column}"
    return f"{_shown(case)}: the merged matrix at row {row - n}, column {column}"


def _shown(case: Case) -> str:
    x, w, _, down, _, alpha = case
    return (
        f"adapted with x {x.shape}, W {w.shape}, A {down.shape} and alpha {alpha:g}, case "
        f"{_number(case)}"
    )


def _number(case: Case) -> int:
    return next(
        (k for k, one in enumerate(CASES, 1) if np.array_equal(one[1], case[1])), len(CASES)
    )


def _read(got: Any, case: Case) -> np.ndarray:
    told = _shown(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told} must be (y, merged), got {shorten(got)}.")
    y = as_array(got[0], f"{told}: y", (len(case[0]), case[1].shape[1]))
    return _joined((y, as_array(got[1], f"{told}: merged", case[1].shape)))


TASK = Task(
    id="32.4",
    prompt="Return the output of a layer with a LoRA adapter, and the merged matrix.",
    check_answer=check_adapter,
    hints=(
        "Rows are examples here, so the paper's B A x stands as x A B: first down to r numbers, "
        "then up to h.",
        "s = alpha / r with r = A.shape[1]; y = x W + b + s (x A) B; merged = W + s A B.",
        "s = alpha / A.shape[1]; return x @ W + b + s * (x @ A @ B), W + s * (A @ B).",
    ),
    insight="Merged, it is a matrix as before: nothing is saved, and nothing lost, in serving.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
