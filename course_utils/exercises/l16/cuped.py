"""Task 16.3: a difference with less noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

Sides = tuple[list[float], list[float], list[bool] | list[int]]


def _draw(seed: int, n: int, scale: float) -> Sides:
    draw = np.random.default_rng(seed)
    x = draw.gamma(1.5, 2.0, n).round(2)
    y = (0.6 * x + draw.normal(1.0, 1.0, n)).round(2) * scale
    new = draw.random(n) < 0.4
    new[:4] = [True, False, True, False]
    return y.tolist(), x.tolist(), new.tolist()


_TESTS: list[Sides] = [
    ([3, 5, 2, 6], [1, 2, 1, 2], [True, True, False, False]),
    ([4, 1, 7, 3, 9], [2, 0, 3, 2, 5], [True, False, False, True, True]),
    _draw(161, 40, 1.0),
    _draw(162, 90, 0.01),
    # Nothing is known of before: all x are alike.
    ([4, 1, 7, 3], [2, 2, 2, 2], [True, False, False, True]),
    ([4, 1, 7, 3, 5], [0, 0, 0, 0, 0], [True, False, False, True, False]),
    # The mean of three 0.1 is another float than 0.1, and their variance is not 0.
    ([1.1, 2.3, 4.7], [0.1, 0.1, 0.1], [True, False, False]),
    # A customer with a weak past did more: theta is negative.
    ([1, 5, 2, 7, 3, 3], [9, 2, 8, 1, 7, 5], [False, True, True, False, False, True]),
    # Sides of different sizes, and large numbers.
    ([1000.5, 1003, 1007, 1001, 1009], [2000, 2003, 2005, 2001, 2010], [1, 0, 0, 0, 0]),
]  # fmt: skip


def right_cuped(y: Any, x: Any, new: Any) -> tuple[float, float]:
    a, b, side = (np.asarray(one, dtype=float) for one in (y, x, new))
    return _with(_theta(a, b), a, b, side)


def _theta(y: np.ndarray, x: np.ndarray) -> float:
    spread = (x - x.mean()) @ (x - x.mean())
    return float((x - x.mean()) @ y / spread) if np.ptp(x) else 0.0


def _with(theta: float, y: np.ndarray, x: np.ndarray, side: np.ndarray) -> tuple[float, float]:
    new, left = side.astype(bool), y - theta * x
    return theta, float(left[new].mean() - left[~new].mean())


def check_cuped(answer: Any) -> None:
    compare(
        answer,
        _TESTS,
        right_cuped,
        lambda value, case: as_array(value, f"{_shown(case)}: (theta, difference)", (2,)),
        _shown,
        CUPED_MISTAKES,
        lambda case, at: f"{_shown(case)}: {('theta', 'difference')[at[0]]}",
    )


def _shown(case: Case) -> str:
    if len(case[0]) < 9:
        return f"cuped_difference({case[0]}, {case[1]}, {case[2]})"
    return f"cuped_difference of {len(case[0])} customers"


def _by(theta: Callable[[np.ndarray, np.ndarray, np.ndarray], float]) -> Callable[..., Any]:
    """Another theta, the same rest."""

    def run(y: Sequence[float], x: Sequence[float], new: Sequence[bool]) -> tuple[float, float]:
        a, b, side = (np.asarray(one, dtype=float) for one in (y, x, new))
        return _with(theta(a, b, side.astype(bool)), a, b, side)

    return run


def _within(y: np.ndarray, x: np.ndarray, new: np.ndarray) -> float:
    """Each side around its own means."""
    a, b = y.copy(), x.copy()
    for side in (new, ~new):
        a[side] -= y[side].mean()
        b[side] -= x[side].mean()
    return float(a @ b / (b @ b)) if np.ptp(x) and b @ b else 0.0


def _mixed(y: np.ndarray, x: np.ndarray, new: np.ndarray) -> float:
    return _theta(y, x) * len(y) / (len(y) - 1)


def _raw(y: Any, x: Any, new: Any) -> tuple[float, float]:
    a, b, side = (np.asarray(one, dtype=float) for one in (y, x, new))
    return _theta(a, b), _with(0.0, a, b, side)[1]


def _corrected_twice(y: Any, x: Any, new: Any) -> tuple[float, float]:
    theta, difference = right_cuped(y, x, new)
    return theta, 2 * difference - _raw(y, x, new)[1]


def _gains(y: Any, x: Any, new: Any) -> tuple[float, float]:
    theta, _ = right_cuped(y, x, new)
    a, b, side = (np.asarray(one, dtype=float) for one in (y, x, new))
    return theta, _with(1.0, a, b, side)[1]


def _indexes(y: Any, x: Any, new: Any) -> tuple[float, float]:
    """With 1 and 0 an array is no mask: it takes the customers 1 and 0."""
    theta, _ = right_cuped(y, x, new)
    left, side = np.asarray(y) - theta * np.asarray(x), np.asarray(new)
    return theta, float(left[side].mean() - left[~side].mean())


CUPED_MISTAKES: Mistakes = {
    "new is 1 and 0 here, and used as an index: make it bool": _indexes,
    "theta is the correlation, cov / (sd sd)": _by(
        lambda y, x, new: _theta(y, x) * (x.std() / y.std() if y.std() else 0.0)
    ),
    "the covariance is divided by the variance of y, not of x": _by(lambda y, x, new: _theta(x, y)),
    "theta is learnt from the new side only": _by(lambda y, x, new: _theta(y[new], x[new])),
    "theta is learnt from the old side only": _by(lambda y, x, new: _theta(y[~new], x[~new])),
    "theta is learnt around each side's own means, where the task pools the sides": _by(_within),
    "np.cov divides by n - 1 and np.var by n: theta is too large": _by(_mixed),
    "the sign is turned: x is added": _by(lambda y, x, new: -_theta(y, x)),
    "y and x are multiplied without subtracting their means": _by(
        lambda y, x, new: float(x @ y / (x @ x)) if x @ x else 0.0
    ),
    "theta is right, but the difference is that of y": _raw,
    "the correction is made twice": _corrected_twice,
    "the difference is that of y - x, without theta": _gains,
    "the difference is old minus new": lambda *case: (
        right_cuped(*case)[0],
        -right_cuped(*case)[1],
    ),
    "theta and difference are exchanged": lambda *case: right_cuped(*case)[::-1],
    "the sums of the sides are compared, not their means": lambda y, x, new: (
        right_cuped(y, x, new)[0],
        sum(
            (a - right_cuped(y, x, new)[0] * (b - np.mean(x))) * (1 if side else -1)
            for a, b, side in zip(y, x, new, strict=True)
        ),
    ),
}


TASK = Task(
    id="16.3",
    prompt="CUPED: theta and the adjusted difference.",
    check_answer=check_cuped,
    hints=(
        "theta is a slope: how much more y a customer has for one more x, over all customers of "
        "both sides. Then compare what is left of y.",
        "theta = sum((x - mean x) * (y - mean y)) / sum((x - mean x) ** 2), and 0 if all x "
        "are equal. The difference is that of the means of y - theta * x.",
        "left = y - theta * x; return theta, left[new].mean() - left[~new].mean(), with arrays "
        "and new = np.array(new, dtype=bool).",
    ),
    insight="What was known before the start is noise that you need not pay for.",
)
