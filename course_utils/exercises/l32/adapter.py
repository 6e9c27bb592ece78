"""Task 32.4: LoRA's output, and the merged matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten


def _draw(seed: int, n: int, d: int, h: int, r: int, alpha: float) -> Case:
    draw = np.random.default_rng(seed)
    shapes = [(n, d), (d, h), (h,), (d, r), (r, h)]
    return (*[draw.normal(size=shape).round(3) for shape in shapes], alpha)


_CASES: list[Case] = [
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


def _by(scale: Callable[..., float], merged_scale: Callable[..., float]) -> Callable[..., Any]:
    def run(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
        r = down.shape[1]
        change = down @ up
        return (
            x @ w + b + scale(alpha, r) * (x @ change),
            w + merged_scale(alpha, r) * change,
        )

    return run


def _over(alpha: float, r: int) -> float:
    return alpha / r


right_adapter = _by(_over, _over)


def _other_rank(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    """Divided by the inputs of the matrix, not by the rank."""
    change = alpha / down.shape[0] * (down @ up)
    return x @ w + b + x @ change, w + change


def _smaller(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    change = alpha / min(down.shape) * (down @ up)
    return x @ w + b + x @ change, w + change


def _alone(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    y, merged = right_adapter(x, w, b, down, up, alpha)
    return y - x @ w - b, merged


def _no_bias(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    y, merged = right_adapter(x, w, b, down, up, alpha)
    return y - b, merged


def _twice(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    """The adapter is added to the output of the merged matrix."""
    merged = right_adapter(x, w, b, down, up, alpha)[1]
    return x @ merged + b + alpha / down.shape[1] * (x @ down @ up), merged


def _difference(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    y, merged = right_adapter(x, w, b, down, up, alpha)
    return y, merged - w


def _with_bias(x: Any, w: Any, b: Any, down: Any, up: Any, alpha: float) -> Any:
    y, merged = right_adapter(x, w, b, down, up, alpha)
    return y, merged + b


MISTAKES: dict[str, Callable[..., Any]] = {
    "the bias is added to the merged matrix; it stays a vector of its own": _with_bias,
    "alpha is not divided by the rank": _by(lambda a, r: a, lambda a, r: a),
    "the scale is left out": _by(lambda a, r: 1.0, lambda a, r: 1.0),
    "the scale is in the output and not in the merged matrix": _by(_over, lambda a, r: 1.0),
    "the scale is in the merged matrix and not in the output": _by(lambda a, r: 1.0, _over),
    "alpha is divided by the root of the rank": _by(
        lambda a, r: a / np.sqrt(r), lambda a, r: a / np.sqrt(r)
    ),
    "alpha is divided by the inputs; the rank is the number of columns of A": _other_rank,
    "alpha is divided by the smaller side of A; the rank is its number of columns": _smaller,
    "the adapter's part alone is returned, without x W + b": _alone,
    "the bias is left out": _no_bias,
    "the adapter is added to the output of the merged matrix: it counts twice": _twice,
    "the change is returned; merged is W plus the change": _difference,
    "the scale is rounded down to a whole number": _by(lambda a, r: a // r, lambda a, r: a // r),
}


def check_adapter(answer: Any) -> None:
    compare(
        leaving(answer, ("x", "W", "b", "A", "B", "alpha"), _told),
        _CASES,
        lambda *case: _joined(right_adapter(*case)),
        _read,
        _told,
        {why: lambda *case, f=wrong: _joined(f(*case)) for why, wrong in MISTAKES.items()},
        _place,
    )


def _joined(pair: Any) -> np.ndarray:
    """The outputs, and below them the merged matrix."""
    return np.vstack([np.asarray(pair[0], float), np.asarray(pair[1], float)])


def _place(case: Case, at: tuple[Any, ...]) -> str:
    row, column = at
    n = len(case[0])
    if row < n:
        return f"{_told(case)}: y at row {row}, column {column}"
    return f"{_told(case)}: the merged matrix at row {row - n}, column {column}"


def _told(case: Case) -> str:
    x, w, _, down, _, alpha = case
    return (
        f"adapted with x {x.shape}, W {w.shape}, A {down.shape} and alpha {alpha:g}, case "
        f"{_number(case)}"
    )


def _number(case: Case) -> int:
    return next(
        (k for k, one in enumerate(_CASES, 1) if np.array_equal(one[1], case[1])), len(_CASES)
    )


def _read(got: Any, case: Case) -> np.ndarray:
    told = _told(case)
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
)
