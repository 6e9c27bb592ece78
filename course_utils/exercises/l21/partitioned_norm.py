"""Task 21.3: partitioned normalisation as it serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.shared import shown_by
from course_utils.exercises.reading import as_array

Norm = Callable[..., np.ndarray]

EPS = 1e-3

_DRAW = np.random.default_rng(213)


def _case(s: list[int], d: int, n_scenarios: int, variance: float = 1.0) -> Case:
    def of(*size: int) -> np.ndarray:
        return _DRAW.normal(size=size).round(2)

    averages = of(n_scenarios, d), (variance * _DRAW.uniform(0.5, 3.0, (n_scenarios, d))).round(4)
    scales = 1.0 + of(d), of(d), 1.0 + of(n_scenarios, d), of(n_scenarios, d)
    return of(len(s), d), np.array(s), *averages, *scales


EXAMPLE: Case = (
    np.array([[3.0], [3.0]]),
    np.array([0, 1]),
    np.array([[1.0], [2.0]]),
    np.array([[3.999], [0.249]]),
    np.array([2.0]),
    np.array([0.5]),
    np.array([[1.0], [3.0]]),
    np.array([[0.0], [1.0]]),
)

CASES: list[Case] = [
    EXAMPLE,
    (EXAMPLE[0].astype(int), *EXAMPLE[1:]),  # whole numbers
    _case([1, 0, 1, 2, 0], 2, 3),
    _case([2], 3, 3),  # one row alone
    _case([0, 0, 1, 1], 1, 2, variance=0.002),  # where EPS and its place count
    _case([1, 1, 1], 2, 4),
    _case([0, 1, 2, 3, 3, 2, 1, 0], 2, 4),
]


def by(z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any) -> Any:
    """The formula with this mean and variance for each row."""
    return gamma * g_s[s] * (z - mean) / np.sqrt(variance + EPS) + beta + b_s[s]


def right_norm(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean[s], variance[s], *scales))


def of_batch(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    """Mean and variance of the rows at hand, the same for all scenarios."""
    return np.asarray(by(z, s, z.mean(0), z.var(0), *scales))


def of_own_rows(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    """Mean and variance of the scenario's rows at hand."""
    same = [z[s == p] for p in s]
    means, variances = ([getattr(rows, of)(0) for rows in same] for of in ("mean", "var"))
    return np.asarray(by(z, s, np.array(means), np.array(variances), *scales))


def first_for_all(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean[0], variance[0], *scales))


def averaged(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean.mean(0), variance.mean(0), *scales))


def added_scales(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray((gamma + g_s[s]) * _core(z, s, mean, variance) + beta + b_s[s])


def multiplied_shifts(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray(gamma * g_s[s] * _core(z, s, mean, variance) + beta * b_s[s])


def shared_scales(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray(gamma * _core(z, s, mean, variance) + beta)


def own_scales(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray(g_s[s] * _core(z, s, mean, variance) + b_s[s])


def own_scale_alone(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray(g_s[s] * _core(z, s, mean, variance) + beta + b_s[s])


def shared_scale_alone(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    return np.asarray(gamma * _core(z, s, mean, variance) + beta + b_s[s])


def grouped(z: Any, s: Any, *of: Any) -> np.ndarray:
    """Scenario by scenario, joined one below the other: the order of the rows is lost."""
    return right_norm(z, s, *of)[np.argsort(s, kind="stable")]


def no_root(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean[s], (variance[s] + EPS) ** 2 - EPS, *scales))


def eps_outside(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean[s], (np.sqrt(variance[s]) + EPS) ** 2 - EPS, *scales))


def no_eps(z: Any, s: Any, mean: Any, variance: Any, *scales: Any) -> np.ndarray:
    return np.asarray(by(z, s, mean[s], variance[s] - EPS, *scales))


def _core(z: Any, s: Any, mean: Any, variance: Any) -> Any:
    return (z - mean[s]) / np.sqrt(variance[s] + EPS)


def whole(z: Any, *of: Any) -> np.ndarray:
    """Results in an array of the type of z."""
    return right_norm(z, *of).astype(z.dtype)


MISTAKES: dict[str, Norm] = {
    "results are cut to whole numbers where z holds whole numbers: make an array of floats": whole,
    "mean and variance of the rows at hand are used, the same for all scenarios: then a row's "
    "result depends on which other rows came with it": of_batch,
    "mean and variance of the scenario's rows at hand are used: that is training. A row alone "
    "would always become its shift": of_own_rows,
    "the averages of scenario 0 are used for all": first_for_all,
    "the averages of all scenarios are averaged": averaged,
    "the two scales are added: they are multiplied": added_scales,
    "the two shifts are multiplied: they are added": multiplied_shifts,
    "the scenario's own scale and shift are left out": shared_scales,
    "the shared scale and shift are left out": own_scales,
    "the shared scale gamma is left out": own_scale_alone,
    "the scenario's own scale gamma_s is left out": shared_scale_alone,
    "rows are sorted by scenario: a result must stand in the row of its input": grouped,
    "it is divided by the variance, not by its root": no_root,
    "0.001 is added to the root: it stands under it": eps_outside,
    "0.001 under the root is left out": no_eps,
}

_shown = shown_by(
    "partitioned_norm", "z", "s", "mean", "variance", "gamma", "beta", "gamma_s", "beta_s"
)


def _read(value: Any, case: Case) -> np.ndarray:
    return as_array(value, f"{_shown(case)}\nthe result", case[0].shape)


def check_norm(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_norm,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe result at row {at[0]}, column {at[1]}",
    )


TASK = Task(
    id="21.3",
    prompt="Partitioned normalisation at serving time, by the averages that were kept.",
    check_answer=check_norm,
    hints=(
        "Nothing is estimated here: mean[s] and variance[s] give each row the averages of its own "
        "scenario.",
        "Scales multiply, shifts add; 0.001 stands under the root.",
        "gamma * gamma_s[s] * (z - mean[s]) / np.sqrt(variance[s] + 0.001) + beta + beta_s[s]",
    ),
    insight="A row must get the same result alone and in a batch. Test your own code for this.",
)
