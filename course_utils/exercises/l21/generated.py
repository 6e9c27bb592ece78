"""Task 21.6: the weights of a scenario that training never saw, from its attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.shared import shown_by
from course_utils.exercises.reading import as_array, holds_nan

Day = Callable[..., Any]

_DRAW = np.random.default_rng(216)


def _case(n: int, d: int, k: int) -> Case:
    def of(*size: int) -> np.ndarray:
        return _DRAW.normal(size=size).round(1)

    return of(n, d), of(k), of(d), of(d, k), float(of()), of(k)


EXAMPLE: Case = (
    np.array([[1.0, 0.0], [1.0, 2.0]]),
    np.array([1.0, -1.0]),
    np.array([0.5, 1.0]),
    np.array([[1.0, 0.5], [0.0, 1.0]]),
    -1.0,
    np.array([0.5, 0.5]),
)

CASES: list[Case] = [
    EXAMPLE,
    _case(4, 3, 2),
    _case(1, 2, 2),
    _case(5, 2, 4),
    _case(3, 1, 1),
    _case(3, 3, 3),
    # A scenario of average attributes, as deviations from the mean.
    (*_case(3, 2, 3)[:1], np.zeros(3), *_case(3, 2, 3)[2:]),
    # Shared weights in whole numbers; the scenario's own are none.
    (
        np.array([[1.0, 2.0]]),
        np.array([0.5]),
        np.array([1, -1]),
        np.array([[0.5], [1.0]]),
        0.25,
        np.array([0.5]),
    ),
    # The shared bias is a whole number.
    (
        np.array([[1.0, 2.0]]),
        np.array([0.5]),
        np.array([0.3, -0.2]),
        np.array([[0.5], [1.0]]),
        1,
        np.array([0.5]),
    ),
    # A logit so large that exp(z) / (1 + exp(z)) is nan.
    (
        np.array([[1.0]]),
        np.array([0.5]),
        np.array([800.0]),
        np.array([[0.0]]),
        0.0,
        np.array([1.0]),
    ),
    # A probability of almost nothing, which a clipped argument makes larger.
    (
        np.array([[4.0]]),
        np.array([1.0]),
        np.array([-10.0]),
        np.array([[0.5]]),
        -2.0,
        np.array([0.0]),
    ),
    # A probability far below 0.1.
    (
        np.array([[4.0]]),
        np.array([1.0]),
        np.array([-1.0]),
        np.array([[-0.5]]),
        -2.0,
        np.array([0.0]),
    ),
]


def right_day(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> np.ndarray:
    return np.asarray(expit(x @ (w + v @ t) + b + c @ t))


def _logit(logit: Callable[..., Any]) -> Day:
    return lambda *case: np.asarray(expit(logit(*case)))


shared_alone = _logit(lambda x, t, w, v, b, c: x @ w + b)
attributes_as_columns = _logit(lambda x, t, w, v, b, c: x @ w + b + c @ t)
generated_alone = _logit(lambda x, t, w, v, b, c: x @ (v @ t) + b + c @ t)
no_own_bias = _logit(lambda x, t, w, v, b, c: x @ (w + v @ t) + b)
no_shared_bias = _logit(lambda x, t, w, v, b, c: x @ (w + v @ t) + c @ t)
multiplied = _logit(lambda x, t, w, v, b, c: x @ (w * (v @ t)) + b + c @ t)
transposed = _logit(lambda x, t, w, v, b, c: x @ (w + v.T @ t) + b + c @ t)
one_attribute = _logit(lambda x, t, w, v, b, c: x @ (w + v[:, 0] * t[0]) + b + c @ t)
bias_twice = _logit(lambda x, t, w, v, b, c: x @ (w + v @ t + b) + c @ t)


def sum_of_c(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> np.ndarray:
    return np.asarray(expit(x @ (w + v @ t) + b + c.sum()))


def clipped(at: float) -> Day:
    return _logit(lambda x, t, w, v, b, c: np.clip(x @ (w + v @ t) + b + c @ t, -at, at))


def whole(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> np.ndarray:
    """The scenario's weights in an array of the type of w."""
    own = np.zeros_like(w)
    own[:] = w + v @ t
    return np.asarray(expit(x @ own + b + c @ t))


def no_sigmoid(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> np.ndarray:
    return np.asarray(x @ (w + v @ t) + b + c @ t)


DECISION = "Return the probability, not a decision"
MISTAKES: dict[str, Day] = {
    "the scenario's weights are cut to whole numbers where w holds whole numbers: make an array of "
    "floats": whole,
    "the attributes are not used: that is the mixed model": shared_alone,
    "the attributes only move the bias: V makes them change the weights of x": (
        attributes_as_columns
    ),
    "the shared weights w are left out": generated_alone,
    "the attributes' part of the bias, c times t, is left out": no_own_bias,
    "the shared bias b is left out": no_shared_bias,
    "shared and generated weights are multiplied: here they are added": multiplied,
    "V is transposed: it takes attributes to weights, V @ t": transposed,
    "only the first attribute is used": one_attribute,
    "the bias is added to the weights": bias_twice,
    "c is summed: it is multiplied by the attributes, c @ t": sum_of_c,
    "the sigmoid's argument is clipped: leave it as it is": clipped(15.0),
    "the sigmoid's argument is clipped at 20: leave it as it is": clipped(20.0),
    "the sigmoid is missing": no_sigmoid,
    f"{DECISION}.": lambda *case: right_day(*case) > 0.5,
    f"{DECISION} of 0.5 or more.": lambda *case: right_day(*case) >= 0.5,
}

_shown = shown_by("day_one_probabilities", "x", "t", "w", "V", "b", "c")


def _read(value: Any, case: Case) -> np.ndarray:
    if getattr(value, "dtype", None) is np.dtype(bool):
        reject(f"{_shown(case)}\nthe result holds truth values. {DECISION}.")
    if np.abs(case[2]).max() == 800 and holds_nan(value):
        reject(
            f"{_shown(case)}\nthe result must not hold nan. exp(800) is inf, and inf / inf is nan: "
            "write 1 / (1 + exp(-z))."
        )
    return as_array(value, f"{_shown(case)}\nthe result", (len(case[0]),))


def check_day(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_day,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe probability of row {at[0]}",
    )


TASK = Task(
    id="21.6",
    prompt="Probabilities for a scenario that training never saw, by weights made from attributes.",
    check_answer=check_day,
    hints=(
        "Make the weights of the scenario first: a vector with one entry for each column of x.",
        "The scenario's weights are w + V @ t, its bias is b + c @ t.",
        "z = x @ (w + V @ t) + b + c @ t, then 1 / (1 + np.exp(-z))",
    ),
    insight="A new scenario has no trained id, but it has attributes: they can give it weights.",
)
