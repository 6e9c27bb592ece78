"""Task 21.2: one layer of STAR, each row by the weights of its own scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.shared import shown_by
from course_utils.exercises.reading import as_array

Layer = Callable[..., np.ndarray]

_DRAW = np.random.default_rng(21)


def _case(s: list[int], d: int, h: int, n_scenarios: int) -> Case:
    sizes = [(len(s), d), (d, h), (h,), (n_scenarios, d, h), (n_scenarios, h)]
    x, w, b, w_s, b_s = (_DRAW.integers(-4, 5, size).astype(float) / 2 for size in sizes)
    return x, np.array(s), w, b, w_s, b_s


EXAMPLE: Case = (
    np.array([[1.0, 2.0], [1.0, 2.0]]),
    np.array([1, 0]),
    np.array([[3.0], [1.0]]),
    np.array([0.5]),
    np.array([[[1.0], [1.0]], [[2.0], [-1.0]]]),
    np.array([[0.0], [2.0]]),
)

CASES: list[Case] = [
    EXAMPLE,
    (EXAMPLE[0].astype(int), *EXAMPLE[1:]),  # whole numbers
    (EXAMPLE[0] / 3.0, *EXAMPLE[1:]),  # results with more than four decimals
    _case([2, 0, 1, 0, 2], 3, 2, 3),
    _case([1, 0, 1, 1], 2, 3, 2),
    _case([0], 2, 2, 2),  # one row alone
    _case([3, 3, 0], 1, 2, 4),  # scenarios without a row
    _case([1, 1, 1], 3, 1, 2),
    _case([0, 1, 2, 3, 2, 1, 0, 3], 2, 2, 4),
]


def right_layer(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    return np.einsum("nd,ndh->nh", x, w_s[s] * w) + b_s[s] + b


def _changed(kernel: Callable[..., Any], bias: Callable[..., Any]) -> Layer:
    """The layer with other ways to join shared and own weights, and biases."""
    return lambda x, s, w, b, w_s, b_s: (
        np.einsum("nd,ndh->nh", x, kernel(w, w_s[s])) + bias(b, b_s[s])
    )


def _product(one: Any, other: Any) -> Any:
    return one * other


def _sum(one: Any, other: Any) -> Any:
    return one + other


def outputs_multiplied(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """Both layers are run, and their results multiplied."""
    return (x @ w) * np.einsum("nd,ndh->nh", x, w_s[s]) + b_s[s] + b


def last_for_all(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """A loop over scenarios that writes all rows each time."""
    return right_layer(x, np.full(len(x), max(s)), w, b, w_s, b_s)


def closed_up(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """Scenarios are numbered by what occurs in the batch."""
    return right_layer(x, np.unique(s, return_inverse=True)[1], w, b, w_s, b_s)


added_weights = _changed(_sum, _sum)
multiplied_biases = _changed(_product, _product)
own_alone = _changed(lambda w, own: own, _sum)
shared_alone = _changed(lambda w, own: np.broadcast_to(w, own.shape), _sum)
own_bias_alone = _changed(_product, lambda b, own: own)
no_bias = _changed(_product, lambda b, own: 0.0)
shared_bias_alone = _changed(_product, lambda b, own: np.broadcast_to(b, own.shape))


def grouped(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """Scenario by scenario, joined one below the other: the order of the rows is lost."""
    return right_layer(x, s, w, b, w_s, b_s)[np.argsort(s, kind="stable")]


def first_for_all(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    return right_layer(x, np.full(len(x), s[0]), w, b, w_s, b_s)


def by_row_number(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    return right_layer(x, np.arange(len(x)) % len(w_s), w, b, w_s, b_s)


def with_relu(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    return np.maximum(right_layer(x, s, w, b, w_s, b_s), 0.0)


def mean_of_scenarios(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    return x @ (w_s.mean(0) * w) + b_s.mean(0) + b


def whole(x: Any, *of: Any) -> np.ndarray:
    """Results in an array of the type of x."""
    return right_layer(x, *of).astype(x.dtype)


MISTAKES: dict[str, Layer] = {
    "results are cut to whole numbers where x holds whole numbers: make an array of floats": whole,
    "shared and own weights are added: STAR multiplies them, entry by entry": added_weights,
    "the outputs of two layers are multiplied: multiply the weights first, W_s[s] * W, then take "
    "x times that product": outputs_multiplied,
    "the biases are multiplied: STAR multiplies weights, and adds biases": multiplied_biases,
    "the shared weights W are left out": own_alone,
    "the own weights W_s are left out": shared_alone,
    "both biases are left out: add b and b_s[s] at the end": no_bias,
    "the shared bias b is left out": own_bias_alone,
    "the own bias b_s is left out": shared_bias_alone,
    "rows are sorted by scenario: a result must stand in the row of its input": grouped,
    "all rows use the scenario of the first row": first_for_all,
    "all rows use the last scenario: in a loop, write only the rows with s == k": last_for_all,
    "scenarios are numbered anew by those with rows: s itself is the index into W_s": closed_up,
    "the number of the row is taken for its scenario": by_row_number,
    "a ReLU cuts off what is negative: this layer has no activation, a logit may be below 0": (
        with_relu
    ),
    "the weights of all scenarios are averaged": mean_of_scenarios,
}

_shown = shown_by("star_layer", "x", "s", "W", "b", "W_s", "b_s")


def _read(value: Any, case: Case) -> np.ndarray:
    x, w = case[0], case[2]
    return as_array(value, f"{_shown(case)}\nthe result", (len(x), w.shape[1]))


def check_layer(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_layer,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe result at row {at[0]}, column {at[1]}",
    )


TASK = Task(
    id="21.2",
    prompt="One layer of STAR: own weights times shared weights, own bias plus shared bias.",
    check_answer=check_layer,
    hints=(
        "W_s[s] has one matrix for each row of x: the shape is (n, d, h).",
        "W_s[s] * W multiplies each of these matrices with W, entry by entry; a row then needs "
        "x[i] @ (W_s[s[i]] * W).",
        'np.einsum("nd,ndh->nh", x, W_s[s] * W) + b_s[s] + b',
    ),
    insight="With W_s = 1 and b_s = 0 this is an ordinary layer: STAR begins as a shared network.",
)
