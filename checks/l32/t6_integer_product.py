"""Task 32.6: a product of 8-bit integers, summed in 32 bits."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("32.6")
edit, first, returning = right.edit, right.first, right.returning


def _draw(seed: int, n: int, d: int, h: int) -> Case:
    draw = np.random.default_rng(seed)
    sizes = 10.0 ** draw.integers(-3, 3, (n, 1))
    x = (draw.normal(size=(n, d)) * sizes).round(7)
    return x, draw.integers(-127, 128, (d, h)).astype(np.int8), draw.uniform(0.01, 1, h).round(4)


CASES: list[Case] = [
    (np.array([[1.0, -0.5]]), np.array([[100], [50]], np.int8), np.array([0.01])),
    (np.array([[0.0, 0.0], [2.0, 1.0]]), np.array([[3, -7], [5, 2]], np.int8),
     np.array([0.5, 0.1])),
    _draw(1, 3, 6, 4),
    # 300 products of up to 127 * 127 do not fit into 16 bits.
    (np.ones((1, 300)), np.full((300, 2), 127, np.int8), np.array([1.0, 0.25])),
    _draw(2, 5, 40, 3),
    (np.array([[-4.0, 1.0, 2.0]]), np.array([[-127], [127], [1]], np.int8), np.array([0.02])),
    (np.array([[1e-20, 4e-21], [3.0, -1.0]]), np.array([[90], [-11]], np.int8), np.array([1e18])),
    (np.array([[1.0, 1.0]]), np.array([[-128], [0]], np.int8), np.array([1.0])),
    # Halves: 62.5 and -0.5 are exact, and go to 62 and 0; away from zero they are 63 and -1.
    (np.array([[127.0, 62.5, -0.5]]), np.array([[1], [100], [9]], np.int8), np.array([1.0])),
    (np.array([[254.0, 1.0], [-127.0, 0.5]]), np.array([[0], [100]], np.int8), np.array([0.5])),
]  # fmt: skip

TOP, ROUNDED, X = (
    "np.abs(x).max(axis=1, keepdims=True)",
    "np.rint(x / s)",
    "np.rint(x / s).astype(np.int32)",
)

SLIPS = {
    "the sum is kept in 8 bits and runs over: bring one side to np.int32 before the product": edit(
        {"np.int32": "np.int8"}
    ),
    "the sum is kept in 16 bits and runs over": edit({"np.int32": "np.int16"}),
    "one scale serves all rows of x; each row has its own": edit({TOP: "np.abs(x).max()"}),
    "the largest number gives the scale, not the largest absolute value": edit(
        {TOP: "x.max(axis=1, keepdims=True)"}
    ),
    "the scale is the largest absolute value over 128; it is over 127": edit({"/ 127": "/ 128"}),
    "the decimals of x over its scale are cut off, not rounded": edit({ROUNDED: "np.trunc(x / s)"}),
    "halves go away from zero; np.rint takes them to the even number": edit(
        {ROUNDED: "(np.sign(x) * np.floor(np.abs(x / s) + 0.5))"}
    ),
    "halves go up; np.rint takes them to the even number": edit({ROUNDED: "np.floor(x / s + 0.5)"}),
    "the decimals are rounded down; np.rint takes the nearest number": edit(
        {ROUNDED: "np.floor(x / s)"}
    ),
    "x is not rounded: that is the product of 32 bits": edit({X: "(x / s)"}),
    "the scales of x's rows are left out of the result": edit({") * s *": ") *"}),
    "the scales of the columns are left out of the result": edit({" * s * scales": " * s"}),
    "the weights are cut off at -127; an int8 may be -128": first("q = np.maximum(q, -127)"),
    "a row of tiny numbers is treated as a row of zeros": first(
        "x = np.where(np.abs(x).max(axis=1, keepdims=True) < 1e-12, 0.0, x)"
    ),
}


def _shown(case: Case) -> str:
    x, q, _ = case
    if x.size > 12:
        return f"product of x {x.shape} and q {q.shape}"
    return f"product of x = {x.tolist()} and q = {q.tolist()}, scales {case[2].tolist()}"


TASK = checked(
    "32.6",
    "Return the product of rounded activations and 8-bit weights, as floats.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Each row of x has a scale, its largest absolute value over 127; divide the row by it and "
        "round. Then one product of integers, and only at its end two scales.",
        "NumPy keeps the type of its arguments: int8 @ int8 is int8, and runs over in silence.",
        "top = np.abs(x).max(1, keepdims=True); s = np.where(top > 0, top / 127, 1.0); "
        "return (np.rint(x / s).astype(np.int32) @ q.astype(np.int32)) * s * scales.",
    ),
    insight="Two scales leave the sum, one for each row and each column: inside are only integers.",
    shown=_shown,
    read=lambda got, case: as_array(got, _shown(case), (len(case[0]), case[1].shape[1])),
)
