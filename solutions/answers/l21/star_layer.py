"""Task 21.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l21.star_layer import (
    added_weights,
    by_row_number,
    closed_up,
    first_for_all,
    grouped,
    last_for_all,
    mean_of_scenarios,
    multiplied_biases,
    no_bias,
    outputs_multiplied,
    own_alone,
    own_bias_alone,
    right_layer,
    shared_alone,
    shared_bias_alone,
    whole,
    with_relu,
)


def _row_by_row(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> list[list[float]]:
    return [(row @ (w * w_s[p]) + b + b_s[p]).tolist() for row, p in zip(x, s, strict=True)]


def _by_scenario(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """Scenario by scenario, each result written back to its row."""
    out = np.empty((len(x), w.shape[1]))
    for p in np.unique(s):
        out[s == p] = x[s == p] @ (w_s[p] * w) + (b_s[p] + b)
    return out


def _all_then_picked(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """Every row through every scenario, as a graph does it."""
    every = x @ (w_s * w) + (b_s + b)[:, None, :]
    return every[s, np.arange(len(x))]


def _matrix_product(x: Any, s: Any, w: Any, b: Any, w_s: Any, b_s: Any) -> np.ndarray:
    """@ in the place of *."""
    return np.stack([row @ (w @ w_s[p]) + b + b_s[p] for row, p in zip(x, s, strict=True)])


PROOF = Proof(
    task="21.2",
    right=[_row_by_row, _by_scenario, _all_then_picked],
    wrong=[
        Wrong(added_weights, "shared and own weights are added", silent=True),
        Wrong(outputs_multiplied, "outputs of two layers are multiplied", silent=True),
        Wrong(no_bias, "both biases are left out", silent=True),
        Wrong(last_for_all, "write only the rows with s == k", silent=True),
        Wrong(closed_up, "s itself is the index into W_s", silent=True),
        Wrong(multiplied_biases, "the biases are multiplied", silent=True),
        Wrong(grouped, "rows are sorted by scenario", silent=True),
        Wrong(with_relu, "a ReLU cuts off", silent=True),
        Wrong(own_alone, "shared weights W are left out", silent=True),
        Wrong(shared_alone, "own weights W_s are left out", silent=True),
        Wrong(own_bias_alone, "shared bias b is left out", silent=True),
        Wrong(shared_bias_alone, "own bias b_s is left out", silent=True),
        Wrong(first_for_all, "the scenario of the first row", silent=True),
        Wrong(by_row_number, "the number of the row is taken", silent=True),
        Wrong(whole, "cut to whole numbers", silent=True),
        Wrong(lambda *of: right_layer(*of).round(4), "Do not round", silent=True),
        Wrong(mean_of_scenarios, "all scenarios are averaged", silent=True),
        Wrong(lambda *of: right_layer(*of).T, "must have shape (2, 1)"),
        Wrong(_matrix_product, "matmul", status="error"),
        Wrong(lambda *of: None, "Did you forget a return?"),
    ],
)
