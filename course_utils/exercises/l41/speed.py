"""Task 41.3: weights by learning speed and value, not by the heads' milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, ask_quietly, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import floats, same

HIGHEST = 700.0
"""Above it ``exp`` of 64 bits is infinite."""

ERRATA = {"E27": "it hands out by execution time, which heads of one forward pass do not have"}

_CASES: list[Case] = [
    ([0.6, 0.6], [0.3, 0.58], [1.0, 1.0], [0.02, 0.02], 2.0),
    ([0.6, 0.6], [0.3, 0.58], [3.0, 1.0], [0.02, 0.05], 2.0),
    ([0.69, 0.5, 0.2], [0.61, 0.5, 0.25], [1, 2, 5], [4.0, 1.0, 0.5], 0.5),
    ([0.4], [0.2], [7.0], [3.0], 1.0),
    ([0.5, 0.5, 0.5, 0.5], [0.4, 0.4, 0.4, 0.4], [1, 1, 1, 3], [1, 2, 3, 4], 2.0),
    ([0.5, 0.3], [0.4, 0.3], [0.2, 2.0], [1.0, 1.0], 1.0),
    ([0.01, 2.0], [0.02, 1.0], [1.0, 1.0], [0.1, 9.0], 0.1),
    ([1.0, 1.0], [900.0, 1.0], [1.0, 1.0], [1.0, 2.0], 1.0),
    ([1.0, 1.0, 1.0], [900.0, 901.0, 1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 1.0], 1.0),
    # Less their mean, or less the first, the exponents are still too great.
    ([1.0, 1.0], [1e4, 1.0], [1.0, 1.0], [1.0, 1.0], 1.0),
    ([1.0, 1.0], [1.0, 1e4], [1.0, 1.0], [1.0, 1.0], 1.0),
]


def _weights(ratio: Any, values: Any, temperature: float) -> np.ndarray:
    high = np.asarray(ratio, float) / temperature
    raw = np.asarray(values, float) * np.exp(high - high.max())
    return np.asarray(len(raw) * raw / raw.sum())


def right_speed(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    return _weights(np.divide(now, before), values, temperature)


def by_time(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    raw = np.multiply(values, ms)
    return np.asarray(len(raw) * raw / raw.sum())


def by_time_less(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    raw = np.divide(values, ms)
    return np.asarray(len(raw) * raw / raw.sum())


def speed_by_time(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    return _weights(np.divide(now, before), np.multiply(values, ms), temperature)


def speed_by_time_less(
    before: Any, now: Any, values: Any, ms: Any, temperature: float
) -> np.ndarray:
    return _weights(np.divide(now, before), np.divide(values, ms), temperature)


def _unsafe(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        raw = np.multiply(values, np.exp(np.divide(now, before) / temperature))
        return np.asarray(len(raw) * raw / raw.sum())


def _cut(before: Any, now: Any, values: Any, ms: Any, temperature: float) -> np.ndarray:
    """Nothing overflows, and all losses that explode are alike."""
    return _weights(np.minimum(np.divide(now, before) / temperature, 50.0), values, 1.0)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the fast task gets more: the ratio is the loss now over the loss before": (
        lambda b, n, v, ms, t: _weights(np.divide(b, n), v, t)
    ),
    "the ratio is multiplied by the temperature, not divided": (
        lambda b, n, v, ms, t: _weights(np.divide(n, b), v, 1 / t)
    ),
    "the weights sum to 1, not to the number of tasks": (
        lambda b, n, v, ms, t: right_speed(b, n, v, ms, t) / len(b)
    ),
    "the values are left out": lambda b, n, v, ms, t: _weights(np.divide(n, b), np.ones(len(b)), t),
    "the values stand inside the exponent": (
        lambda b, n, v, ms, t: _weights(np.multiply(v, np.divide(n, b)), np.ones(len(b)), t)
    ),
    "the values are multiplied in after scaling, so the sum is no longer K": (
        lambda b, n, v, ms, t: _weights(np.divide(n, b), np.ones(len(b)), t) * np.asarray(v, float)
    ),
    "the loss itself decides, not its ratio: a task with a large loss gets more": (
        lambda b, n, v, ms, t: _weights(n, v, t)
    ),
    "exponents are cut: two losses that explode, one more than the other, get the same": _cut,
    "ratios are divided by their sum, without the softmax": (
        lambda b, n, v, ms, t: _weights(np.log(np.divide(n, b)), v, 1.0)
    ),
}


def check_speed(answer: Any) -> None:
    for wrong in (by_time, by_time_less, speed_by_time, speed_by_time_less):
        gots = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
        if all(same(got, wrong(*case)) for got, case in zip(gots, _CASES, strict=True)):
            reject(
                f"{_told(_CASES[1])} must be {right_speed(*_CASES[1]).round(4).tolist()}. You let "
                "the heads' milliseconds decide. One forward computation gives all heads: a slow "
                "head learns neither less nor more.",
                "E27",
            )
    names = ("before", "now", "values", "milliseconds", "temperature")
    compare(leaving(answer, names, _told), _CASES, right_speed, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    return call_of("weights", case)


def _read(got: Any, case: Case) -> np.ndarray:
    mine = floats(got)
    great = np.divide(case[1], case[0]).max() / case[4] > HIGHEST
    if great and mine is not None and np.isnan(mine).any():
        reject(
            f"{_told(case)} must not hold nan. It looks as if an exponential overflows: infinite "
            "over infinite is nan. Subtract the greatest exponent from all first."
        )
    return as_array(got, _told(case), (len(case[0]),))


TASK = Task(
    id="41.3",
    prompt="Return K weights of losses by value and learning speed, with sum K.",
    check_answer=check_speed,
    hints=(
        "One of the arguments has no part in it.",
        "r = now / before; the weight is in proportion to value times exp(r / temperature).",
        "raw = values * np.exp(r / T - (r / T).max()); return len(raw) * raw / raw.sum(). Less the "
        "greatest, no exponential overflows.",
    ),
    insight="Speed of learning is what a weight can answer to; what a task is worth is an input.",
    errata=ERRATA,
)
