"""Task 31.2: fit a power law above a known floor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

_CASES: list[Case] = [
    ([100, 10_000], [0.5, 0.41], 0.4),
    ([300, 3_000, 30_000, 120_000], [0.345, 0.322, 0.306, 0.297], 0.29),
    ([30_000, 300, 3_000], [0.306, 0.345, 0.322], 0.29),
    ([10, 20, 40, 80], [1.0, 0.5, 0.25, 0.125], 0.0),
    ([264, 2_253, 20_697, 20_697], [0.33, 0.31, 0.3, 0.302], 0.28),
    ([1_000, 2_000, 3_000], [0.7, 0.71, 0.75], 0.5),
    (np.array([200, 250, 120], np.uint8), np.array([3.0, 2.5, 4.5]), 1.0),
    ([1, 10, 100], [9.0, 6.0, 5.0], 4.0),
    ([1, 10, 100], np.array([200, 100, 50], np.uint8), 1),
    ([1, 100], [1e-6, 1e-8], 0.0),
    ([0.5, 5.0], [0.9, 0.5], 0.4),
]


def _over(loss: Any, floor: float) -> np.ndarray:
    return np.asarray(loss, float) - floor


def right_power_law(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    slope, start = np.polyfit(np.log(np.asarray(n, float)), np.log(_over(loss, floor)), 1)
    return float(np.exp(start)), float(-slope)


def _ends(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    """Through the least and the greatest n alone."""
    n, over = np.asarray(n, float), _over(loss, floor)
    first, last = n.argmin(), n.argmax()
    b = -np.log(over[last] / over[first]) / np.log(n[last] / n[first])
    return float(over[first] * n[first] ** b), float(b)


def _turned(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    """log n on log loss, and the line turned round."""
    slope, start = np.polyfit(np.log(_over(loss, floor)), np.log(np.asarray(n, float)), 1)
    return float(np.exp(-start / slope)), float(-1 / slope)


def _half(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    slope, start = np.polyfit(np.log(np.asarray(n, float)), np.log(_over(loss, floor)), 1)
    return float(start), float(-slope)


def _semilog(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    slope, start = np.polyfit(np.log(np.asarray(n, float)), _over(loss, floor), 1)
    return float(start), float(-slope)


def _tens(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    slope, start = np.polyfit(np.log10(np.asarray(n, float)), np.log10(_over(loss, floor)), 1)
    return float(np.exp(start)), float(-slope)


def _eight_bits(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    slope, start = np.polyfit(np.log(n), np.log(_over(loss, floor)), 1)
    return float(np.exp(start)), float(-slope)


def _not_under(n: Any, loss: Any, floor: float) -> tuple[float, float]:
    return right_power_law(n, loss, 0.0)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the floor is not subtracted": _not_under,
    "the sign of b is turned: the law has N to the power of -b": (
        lambda n, loss, floor: (
            right_power_law(n, loss, floor)[0],
            -right_power_law(n, loss, floor)[1],
        )
    ),
    "a is still a logarithm": _half,
    "logarithms to base 10 go in and e to the power comes out: use 10 to the power": _tens,
    "the loss is not taken as a logarithm": _semilog,
    "only the first and the last size are used": _ends,
    "log N is fitted on the log of the loss: the error is in the loss": _turned,
    "np.log of eight-bit whole numbers has three digits: make n floats first": _eight_bits,
    "a small number is added before the logarithm, or losses are cut there": (
        lambda n, loss, floor: right_power_law(n, np.maximum(_over(loss, floor), 1e-6), 0.0)
    ),
    "sizes below 1 are cut to 1": (
        lambda n, loss, floor: right_power_law(np.maximum(np.asarray(n, float), 1), loss, floor)
    ),
    "a and b are exchanged": lambda n, loss, floor: right_power_law(n, loss, floor)[::-1],
}


def check_power_law(answer: Any) -> None:
    names = ("n", "loss", "floor")
    compare(
        leaving(answer, names, _told),
        _CASES,
        right_power_law,
        lambda got, case: as_array(got, f"{_told(case)}: (a, b)", (2,)),
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)}: {'ab'[at[0]]}",
    )


def _told(case: Case) -> str:
    return call_of("power_law", case)


TASK = Task(
    id="31.2",
    prompt="Return a and b of loss = floor + a / n**b, by least squares on logarithms.",
    check_answer=check_power_law,
    hints=(
        "Take the floor away first. What is left is a / n**b: what is its logarithm?",
        "log(loss - floor) = log a - b log n: a straight line in log n.",
        "slope, start = np.polyfit(np.log(n), np.log(loss - floor), 1), both as floats; "
        "return np.exp(start), -slope.",
    ),
    insight="A straight line on two logarithmic axes is easily had. A point beyond them is not.",
)
