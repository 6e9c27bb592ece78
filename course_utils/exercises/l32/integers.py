"""Task 32.6: a product of 8-bit integers, summed in 32 bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def _draw(seed: int, n: int, d: int, h: int) -> Case:
    draw = np.random.default_rng(seed)
    sizes = 10.0 ** draw.integers(-3, 3, (n, 1))
    x = (draw.normal(size=(n, d)) * sizes).round(7)
    return x, draw.integers(-127, 128, (d, h)).astype(np.int8), draw.uniform(0.01, 1, h).round(4)


_CASES: list[Case] = [
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


def _scales(x: Any, top: Any) -> Any:
    return np.where(top > 0, top / 127, 1.0)


def _by(
    top: Callable[[Any], Any] = lambda x: np.abs(x).max(1, keepdims=True),
    rounds: Callable[..., Any] = np.rint,
    kind: Any = np.int64,
) -> Callable[..., Any]:
    def run(x: Any, q: Any, scales: Any) -> Any:
        scale = _scales(x, top(x))
        integers = rounds(x / scale).astype(np.int64)
        total = np.matmul(integers.astype(kind), q.astype(kind), dtype=kind)
        return total * scale * scales

    return run


right_integers = _by()


def _exact(x: Any, q: Any, scales: Any) -> Any:
    return x @ (q * scales)


def _no_rows(x: Any, q: Any, scales: Any) -> Any:
    scale = _scales(x, np.abs(x).max(1, keepdims=True))
    return right_integers(x, q, scales) / scale


def _no_columns(x: Any, q: Any, scales: Any) -> Any:
    return right_integers(x, q, np.ones(len(scales)))


def _away(v: Any) -> Any:
    return np.sign(v) * np.floor(np.abs(v) + 0.5)


def _up(v: Any) -> Any:
    return np.floor(v + 0.5)


def _tiny(x: Any, q: Any, scales: Any) -> Any:
    found = np.array(right_integers(x, q, scales))
    found[np.abs(x).max(1) < 1e-12] = 0.0
    return found


MISTAKES: dict[str, Callable[..., Any]] = {
    "the sum is kept in 8 bits and runs over: bring one side to np.int32 before the product": _by(
        kind=np.int8
    ),
    "the sum is kept in 16 bits and runs over": _by(kind=np.int16),
    "one scale serves all rows of x; each row has its own": _by(top=lambda x: np.abs(x).max()),
    "the largest number gives the scale, not the largest absolute value": _by(
        top=lambda x: x.max(1, keepdims=True)
    ),
    "the scale is the largest absolute value over 128; it is over 127": _by(
        top=lambda x: np.abs(x).max(1, keepdims=True) * (127 / 128)
    ),
    "the decimals of x over its scale are cut off, not rounded": _by(rounds=np.trunc),
    "halves go away from zero; np.rint takes them to the even number": _by(rounds=_away),
    "halves go up; np.rint takes them to the even number": _by(rounds=_up),
    "the decimals are rounded down; np.rint takes the nearest number": _by(rounds=np.floor),
    "x is not rounded: that is the product of 32 bits": _exact,
    "the scales of x's rows are left out of the result": _no_rows,
    "the scales of the columns are left out of the result": _no_columns,
    "the weights are cut off at -127; an int8 may be -128": lambda x, q, scales: right_integers(
        x, np.maximum(q, -127), scales
    ),
    "a row of tiny numbers is treated as a row of zeros": _tiny,
}


def check_integers(answer: Any) -> None:
    compare(
        leaving(answer, ("x", "q", "scales"), _told),
        _CASES,
        right_integers,
        lambda got, case: as_array(got, _told(case), (len(case[0]), case[1].shape[1])),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    x, q, _ = case
    if x.size > 12:
        return f"product of x {x.shape} and q {q.shape}"
    return f"product of x = {x.tolist()} and q = {q.tolist()}, scales {case[2].tolist()}"


TASK = Task(
    id="32.6",
    prompt="Return the product of rounded activations and 8-bit weights, as floats.",
    check_answer=check_integers,
    hints=(
        "Each row of x has a scale, its largest absolute value over 127; divide the row by it and "
        "round. Then one product of integers, and only at its end two scales.",
        "NumPy keeps the type of its arguments: int8 @ int8 is int8, and runs over in silence.",
        "top = np.abs(x).max(1, keepdims=True); s = np.where(top > 0, top / 127, 1.0); "
        "return (np.rint(x / s).astype(np.int32) @ q.astype(np.int32)) * s * scales.",
    ),
    insight="Two scales leave the sum, one for each row and one for each column: inside there are only integers.",
)
