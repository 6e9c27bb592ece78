"""Task 31.3: the temperature that makes a network less sure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

_GRID = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0]
_CASES: list[Case] = [
    ([2.0, 2.0, -2.0, 2.0], [1, 0, 0, 1], _GRID),
    ([0.2, -0.3, 0.4, -0.1], [1, 0, 1, 0], _GRID),
    ([3.0, -1.0, 2.0, -4.0, 1.0], [1, 1, 0, 0, 1], [4.0, 1.0, 2.0]),
    ([900.0, -1200.0, 800.0, 40.0], [1, 0, 0, 1], [1.0, 10.0, 100.0, 1000.0]),
    ([800.0, -900.0, 850.0, -1000.0], [1, 0, 0, 0], [2.0, 0.5, 5.0]),
    ([0.0, 0.0], [1, 0], [3.0, 1.0, 2.0]),
    ([17.0, 1.0, 1.0, 1.0], [0, 1, 1, 1], [0.5, 1.0]),
    ([1.5, -0.5, 2.5, 0.5, -1.5], np.array([1, 0, 0, 1, 1], np.uint8), _GRID),
    ([4.0, -3.0, 1.0], np.array([True, False, False]), [0.5, 2.5, 1.5]),
    ([-2.0, -2.0, -2.0, -2.5, 1.0], [0, 0, 1, 0, 0], _GRID),
    ([2.0, 1.0, -1.0], [1, 1, 1], [1.0, 3.0, 0.3]),
    ([50.0], [1], [1.0, 0.5]),
    ([900.0, 1200.0], [1, 1], [2.0, 1.0]),
    ([3000.0, -3000.0], [0, 1], [1.0, 2.0]),
    ([3000.0] * 4, [0, 1, 1, 1], [455.0, 2730.0]),
    ([0.2, -0.2, 1.2, 0.2], np.array([0, 1, 1, 1], np.uint8), _GRID),
    ([0.0, 0.0], [1, 0], [2.0, 3.0, 1.0]),
    ([2.0, 2.0, -2.0, 2.0], [1, 0, 0, 1], [1.78, 1.82]),
    ([60.0] + [1.0] * 30, [0] + [1] * 30, [1.0, 2.0]),  # wrong for sure costs 60, not 34
]


def _losses(z: Any, labels: Any, grid: Any) -> np.ndarray:
    x, y = np.asarray(z, float), np.asarray(labels, float)
    u = np.where(y == 1, -x, x)
    return np.array([np.mean(np.logaddexp(0, u / t)) for t in grid])


def _subtracted(z: Any, labels: Any, grid: Any) -> float:
    x, y = np.asarray(z, float), np.asarray(labels, float)
    losses = [np.mean(np.logaddexp(0, x / t) - y * x / t) for t in grid]
    return float(grid[int(np.argmin(losses))])


def right_cooled(z: Any, labels: Any, grid: Any) -> float:
    return float(grid[int(np.argmin(_losses(z, labels, grid)))])


def _probability(z: Any, t: float) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(z, float) / t / 2)))


def _naive(z: Any, labels: Any, grid: Any) -> float:
    """Probabilities of exactly 0 and 1: their logarithm is infinite."""
    y, found = np.asarray(labels, float), []
    with np.errstate(all="ignore"):
        for t in grid:
            p = _probability(z, t)
            loss = np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
            found.append(np.inf if np.isnan(loss) else loss)
    return float(grid[int(np.argmin(found))])


def _clipped(edge: float) -> Callable[..., float]:
    def cooled(z: Any, labels: Any, grid: Any) -> float:
        y = np.asarray(labels, float)
        losses = []
        for t in grid:
            p = np.clip(_probability(z, t), edge, 1 - edge)
            losses.append(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)))
        return float(grid[int(np.argmin(losses))])

    return cooled


def _infinite(z: Any, labels: Any, grid: Any) -> float:
    """The probability of the label alone, and its logarithm."""
    x, y = np.asarray(z, float), np.asarray(labels, float)
    with np.errstate(all="ignore"):
        p = [1 / (1 + np.exp(-np.where(y == 1, x, -x) / t)) for t in grid]
        return float(grid[int(np.argmin([-np.mean(np.log(one)) for one in p]))])


def _eight_bits(z: Any, labels: Any, grid: Any) -> float:
    sign = -(2 * np.asarray(labels) - 1)
    return float(grid[int(np.argmin([np.mean(np.logaddexp(0, sign * z / t)) for t in grid]))])


def _zero_is_no_sign(z: Any, labels: Any, grid: Any) -> float:
    x, y = np.asarray(z, float), np.asarray(labels, float)
    return float(grid[int(np.argmin([np.mean(np.logaddexp(0, -y * x / t)) for t in grid]))])


def _brier(z: Any, labels: Any, grid: Any) -> float:
    y = np.asarray(labels, float)
    return float(grid[int(np.argmin([np.mean((_probability(z, t) - y) ** 2) for t in grid]))])


def _means(z: Any, labels: Any, grid: Any) -> float:
    y = np.asarray(labels, float)
    return float(grid[int(np.argmin([abs(np.mean(_probability(z, t) - y)) for t in grid]))])


MISTAKES: dict[str, Callable[..., Any]] = {
    "the log odds are multiplied by the temperature, not divided": (
        lambda z, y, grid: float(grid[int(np.argmin(_losses(z, y, [1 / t for t in grid])))])
    ),
    "the greatest loss is taken, not the least": (
        lambda z, y, grid: float(grid[int(np.argmax(_losses(z, y, grid)))])
    ),
    "squared errors are compared, not log losses": _brier,
    "only the mean prediction is brought to the mean label": _means,
    "of equal losses the last of the grid is taken, not the first": (
        lambda z, y, grid: float(grid[len(grid) - 1 - int(np.argmin(_losses(z, y, grid)[::-1]))])
    ),
    "the grid is sorted first, so of equal losses the least temperature is taken": (
        lambda z, y, grid: right_cooled(z, y, sorted(grid))
    ),
    "the grid is sorted first, so of equal losses the greatest temperature is taken": (
        lambda z, y, grid: right_cooled(z, y, sorted(grid, reverse=True))
    ),
    "losses are rounded before they are compared": (
        lambda z, y, grid: float(grid[int(np.argmin(np.round(_losses(z, y, grid), 3)))])
    ),
    "the loss is returned, not the temperature": (
        lambda z, y, grid: float(_losses(z, y, grid).min())
    ),
    "the temperature's number in the grid is returned": (
        lambda z, y, grid: float(np.argmin(_losses(z, y, grid)))
    ),
    "labels are read the wrong way round": (
        lambda z, y, grid: right_cooled(z, 1 - np.asarray(y, float), grid)
    ),
    **{
        f"probabilities are cut {at}: a prediction that is surer than that costs no more": (
            _clipped(edge)
        )
        for at, edge in (("at 1e-7", 1e-7), ("close to 0 and 1, such as at 1e-15", 1e-15))
    },
    "a probability of exactly 0 or 1 makes a loss infinite: work with the log odds": _naive,
    "the label's probability is 0 and its logarithm infinite: work with the log odds": _infinite,
    "log odds are cut: in the thousands they count in full": (
        lambda z, y, grid: right_cooled(np.clip(z, -500, 500), y, grid)
    ),
    "subtracting loses the small loss of a sure and right row: take log(1 + e**u) of its own u": (
        _subtracted
    ),
    "2 * labels - 1 runs over in eight bits: -1 becomes 255": _eight_bits,
    "label 0 makes -labels * z zero: its loss is log(1 + e**u) of u = z / T": _zero_is_no_sign,
}


def check_cooled(answer: Any) -> None:
    names = ("z", "labels", "grid")
    compare(leaving(answer, names, _told), _CASES, right_cooled, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    return call_of("cooled", case)


def _read(got: Any, case: Case) -> float:
    if isinstance(got, float) and np.isnan(got):
        reject(f"{_told(case)} must not be nan: infinite less infinite somewhere.")
    return as_number(got, _told(case))


TASK = Task(
    id="31.3",
    prompt="Return the temperature of the grid with the least log loss.",
    check_answer=check_cooled,
    hints=(
        "Divide the log odds by T, and take the mean log loss of sigmoid(z / T) for each T.",
        "-log sigmoid(u) = log(1 + e**-u); for label 0 it is log(1 + e**u). np.logaddexp(0, u) is "
        "log(1 + e**u) and never overflows.",
        "u = np.where(y == 1, -z, z); loss = np.mean(np.logaddexp(0, u / t)), with z as floats.",
    ),
    insight="One number changes how sure a model is, and no order; a rare class needs an "
    "intercept too.",
)
