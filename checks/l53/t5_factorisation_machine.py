"""Task 53.5: a factorisation machine in O(n k)."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.5")
edit = right.edit


def _case(seed: int, n: int, d: int, k: int) -> Case:
    draw = np.random.default_rng(seed)
    x = draw.choice([0.0, 0.0, 1.0, 0.5, -2.0], (n, d))
    w0, *rest = draw.normal(), draw.normal(size=d).round(2), draw.normal(size=(d, k)).round(2)
    return x, round(float(w0), 2), *rest


CASES: list[Case] = [
    (
        np.array([[1.0, 2.0, 0.0]]),
        0.5,
        np.array([1.0, -1.0, 3.0]),
        np.array([[1.0, 0.0], [2.0, 1.0], [5.0, 5.0]]),
    ),
    _case(1, 3, 4, 2),
    _case(2, 2, 5, 3),
    _case(3, 4, 1, 2),
    _case(4, 1, 3, 1),
    (np.zeros((2, 3)), 0.01, np.ones(3), np.ones((3, 2))),
    (np.zeros((0, 3)), 1.0, np.ones(3), np.ones((3, 2))),
    # Short integers, whose squares overflow.
    (np.array([[20, 3], [0, 100]], np.int8), 0.0, np.array([0.5, 1.0]), np.array([[0.1], [0.2]])),
    (np.array([[255, 201]], np.uint8), 0.0, np.array([0.5, 1.0]), np.array([[0.1], [0.2]])),
]

FLOATS = "x.astype(float)"

SLIPS = {
    "the one half is missing: each pair is counted twice": edit({" / 2": ""}),
    "each variable is paired with itself too: subtract the sum of squares": edit(
        {" - x**2 @ v**2": ""}
    ),
    "the sum of squares is added, not subtracted": edit({"- x**2": "+ x**2"}),
    "x is not squared in the part that is subtracted": edit({"x**2 @": "x @"}),
    "v is not squared in the part that is subtracted": edit({"@ v**2": "@ v"}),
    "short integers overflow when they are squared; x.astype(float) first": edit({FLOATS: "x"}),
    "16 bits are too few for squares of 8-bit numbers; x.astype(float)": edit(
        {FLOATS: 'x.astype(np.int16) if x.dtype.kind in "iu" else x'}
    ),
    "half precision keeps three digits; x.astype(float)": edit(
        {"x**2": "(x.astype(np.float16) ** 2).astype(float)"}
    ),
    "the offset w0 is left out": edit({"w0 + ": ""}),
    "the linear part is left out": edit({" + x @ w ": " "}),
    "the pairs are left out: this is a linear model": edit({" + pairs.sum(axis=1) / 2": ""}),
}

TASK = checked(
    "53.5",
    "Return the scores of a factorisation machine, without a loop over pairs.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Two sums over all variables, for each factor: of v x, squared at the end, and of (v x) "
        "squared.",
        "x @ v is the first sum, shape (n, k); (x ** 2) @ (v ** 2) is the second.",
        "x = x.astype(float); w0 + x @ w + ((x @ v) ** 2 - (x ** 2) @ (v ** 2)).sum(axis=1) / 2.",
    ),
    insight="(Σ a)² = Σ a² + 2 Σ a b over pairs: this is the whole trick, and the 1/2.",
)
