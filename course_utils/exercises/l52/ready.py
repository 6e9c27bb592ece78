"""Task 52.1: what may be given to ``predict``."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, must_raise, shown_by
from course_utils.exercises.reading import as_array

_DRAW = np.random.default_rng(52)

CASES: list[Case] = [
    (np.array([[1.0, 2.0], [3.0, 4.0]]), 2, 2),
    (np.array([[[1.0, 2.0], [3.0, 4.0]]]), 2, 2),
    (_DRAW.random((4, 3, 2)), 3, 2),
    (_DRAW.random((3, 2)), 3, 2),
    ([[1, 2, 3]], 1, 3),
    (np.array([[1], [2], [3]], dtype=np.int8), 3, 1),
    (np.zeros((0, 3, 2)), 3, 2),
    (_DRAW.random((3, 3, 3)), 3, 3),
]
WRONG_LENGTH: list[Case] = [
    (np.ones((1, 1, 5)), 10, 5),
    (np.ones((1, 3, 5)), 10, 5),
    (np.ones((1, 25, 5)), 10, 5),
    (np.ones((3, 5)), 10, 5),
]
ONE_CONTEXT: Case = (np.array([[1, 2, 3, 4, 5]]), 10, 5)
WRONG_REST: list[Case] = [
    (np.ones((2, 10, 4)), 10, 5),
    (np.ones((10, 4)), 10, 5),
    (np.ones(50), 10, 5),
    (np.ones((1, 1, 10, 5)), 10, 5),
    (np.ones((5, 10)), 10, 5),
    (np.ones(5), 1, 5),
    (np.ones((1, 10, 5, 1)), 10, 5),
]
TWICE: Case = (np.ones((20, 5)), 10, 5)


def right_ready(x: Any, steps: int, features: int) -> np.ndarray:
    array = np.asarray(x, dtype=float)
    array = array[None] if array.ndim == 2 else array
    if array.ndim != 3 or array.shape[1:] != (steps, features):
        raise ValueError(f"expected (n, {steps}, {features}), got {array.shape}")
    return array


def whole_numbers(x: Any, steps: int, features: int) -> np.ndarray:
    """Whole numbers stay what they are."""
    array = np.asarray(x)
    return right_ready(x, steps, features).astype(array.dtype)


def two_axes(x: Any, steps: int, features: int) -> np.ndarray:
    array = np.asarray(x, dtype=float)
    return array[0] if array.ndim == 3 and len(array) == 1 else array


MISTAKES = {
    "one customer's steps are given without the axis of customers: add it in front": two_axes,
}

_shown = shown_by("ready")


def check_ready(answer: Any) -> None:
    must_raise(
        answer,
        ONE_CONTEXT,
        _shown(ONE_CONTEXT),
        "one context of 5 numbers is not 10 steps of 5; a network of 10 steps cannot read it",
        "E65",
    )
    for case in WRONG_LENGTH:
        must_raise(
            answer,
            case,
            f"ready(ones of shape {case[0].shape}, 10, 5)",
            "10 steps were asked for. The network itself accepts any number of steps and says "
            "nothing",
            "E66",
        )
    compare_named(answer, CASES, right_ready, _read, _shown, MISTAKES, {})
    for case in WRONG_REST:
        must_raise(
            answer,
            case,
            f"ready(ones of shape {case[0].shape}, {case[1]}, 5)",
            f"its shape is neither ({case[1]}, 5) nor (n, {case[1]}, 5); to reshape it would mix "
            "up its numbers",
        )
    must_raise(
        answer,
        TWICE,
        "ready(ones of shape (20, 5), 10, 5)",
        "20 steps of one customer are made into two customers of 10",
    )


def _read(value: Any, case: Case) -> np.ndarray:
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        reject(f"{_shown(case)} must be a float array, got one of {value.dtype}.")
    return as_array(value, f"{_shown(case)}: the result", np.shape(right_ready(*case)))


TASK = Task(
    id="52.1",
    prompt="Return x as (n, steps, features), or raise ValueError.",
    check_answer=check_ready,
    hints=(
        "np.asarray(x, dtype=float).shape says what you were given. Which two shapes are right?",
        "Two axes mean one customer: x[None] puts the third in front. Then compare "
        "x.shape[1:] with (steps, features).",
        "if x.ndim == 2: x = x[None]; then if x.ndim != 3 or x.shape[1:] != (steps, features): "
        "raise ValueError(...); return x.",
    ),
    insight="The network does not ask. Whoever calls it must.",
    errata={
        "E63": "x_train is used and was never made",
        "E64": "np is used and was never imported",
        "E65": "one context of shape (1, 5) for a network of ten steps",
        "E66": "ten steps are promised and any number is accepted",
    },
    crashes={"name 'x_train'": "E63", "name 'np'": "E64"},
)
