"""Task 20.4: what Adam makes of a weighted sum of losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

B1, B2, EPSILON = 0.9, 0.999, 1e-8

Run = tuple[np.ndarray, np.ndarray, float]


def right_change(g: Any, w: Any, rate: Any) -> np.ndarray:
    return follow(np.einsum("tkd,k->td", np.asarray(g, float), np.asarray(w, float)), rate)


def follow(
    steps: np.ndarray,
    rate: float,
    first: float = B1,
    second: float = B2,
    end: Callable[[np.ndarray, np.ndarray, int], np.ndarray] | None = None,
    squares: np.ndarray | None = None,
) -> np.ndarray:
    """The sum of Adam's steps along ``[T, d]`` gradients.

    Args:
        end: from m, v and t, both not yet corrected, to the step without its rate.
        squares: what v averages, if it is not ``steps ** 2``.
    """
    m, v, total = np.zeros(steps.shape[1]), np.zeros(steps.shape[1]), np.zeros(steps.shape[1])
    squares = steps**2 if squares is None else squares
    for t, gradient in enumerate(steps, start=1):
        m = first * m + (1 - first) * gradient
        v = second * v + (1 - second) * squares[t - 1]
        total -= rate * (end or corrected)(m, v, t)
    return total


def corrected(m: np.ndarray, v: np.ndarray, t: int) -> np.ndarray:
    return (m / (1 - B1**t)) / (np.sqrt(v / (1 - B2**t)) + EPSILON)


def _summed(g: Any, w: Any) -> np.ndarray:
    return np.einsum("tkd,k->td", np.asarray(g, float), np.asarray(w, float))


def ended(end: Callable[[np.ndarray, np.ndarray, int], np.ndarray]) -> Callable[..., np.ndarray]:
    return lambda g, w, rate: follow(_summed(g, w), rate, end=end)


def adam_for_each_task(g: Any, w: Any, rate: Any) -> np.ndarray:
    """Adam on each task's own gradient, and the weights on its steps."""
    each = [follow(np.asarray(g)[:, k], rate) for k in range(len(w))]
    return np.einsum("kd,k->d", each, np.asarray(w, float))


def adam_for_each_weighted(g: Any, w: Any, rate: Any) -> np.ndarray:
    """Adam on each task's own weighted gradient, and the steps added."""
    weighted = np.asarray(g) * np.asarray(w, float)[:, None]
    return np.sum([follow(weighted[:, k], rate) for k in range(len(w))], axis=0)


def lazy(moments_only: bool) -> Callable[..., np.ndarray]:
    """Adam that leaves a weight, or its m and v alone, as they are where its gradient is 0."""

    def steps(g: Any, w: Any, rate: Any) -> np.ndarray:
        m, v, total = np.zeros((3, g.shape[2]))
        for t, gradient in enumerate(_summed(g, w), start=1):
            there = gradient != 0
            m = np.where(there, B1 * m + (1 - B1) * gradient, m)
            v = np.where(there, B2 * v + (1 - B2) * gradient**2, v)
            total = total - rate * corrected(m, v, t) * (there | moments_only)
        return total

    return steps


def without_zeros(g: Any, w: Any, rate: Any) -> np.ndarray:
    """Steps in which all gradients are 0 are left out."""
    return right_change(np.asarray(g)[np.any(g, axis=(1, 2))], w, rate)


def last_step(g: Any, w: Any, rate: Any) -> np.ndarray:
    return right_change(g, w, rate) - right_change(np.asarray(g)[:-1], w, rate)


def squares_apart(g: Any, w: Any, rate: Any) -> np.ndarray:
    squares = np.einsum("tkd,k->td", np.asarray(g) ** 2, np.asarray(w, float))
    return follow(_summed(g, w), rate, squares=squares)


def to_one(g: Any, w: Any, rate: Any) -> np.ndarray:
    return right_change(g, np.asarray(w) / np.sum(w), rate)


MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "the weights are not used": lambda g, w, rate: right_change(g, np.ones(len(w)), rate),
    "each task has an Adam of its own and the weights are put on its steps: the weights belong "
    "into the sum of the gradients, before Adam": adam_for_each_task,
    "each task has an Adam of its own, with the weight in its gradient: the weighted gradients are "
    "added first, and there is one Adam": adam_for_each_weighted,
    "a weight without a gradient in a step must still move, as m is not 0 yet": lazy(False),
    "m and v must change in a step whose gradient is 0, too": lazy(True),
    "a step in which all gradients are 0 is a step, too": without_zeros,
    "plain gradient descent is taken, not Adam": lambda g, w, rate: -rate * _summed(g, w).sum(0),
    "m and v are not divided by 1 - 0.9^t and 1 - 0.999^t": ended(
        lambda m, v, t: m / (np.sqrt(v) + EPSILON)
    ),
    "only m is divided, by 1 - 0.9^t, and v is not": ended(
        lambda m, v, t: m / (1 - B1**t) / (np.sqrt(v) + EPSILON)
    ),
    "epsilon is added to the root of v before v is corrected, as Keras does": ended(
        lambda m, v, t: m * np.sqrt(1 - B2**t) / (1 - B1**t) / (np.sqrt(v) + EPSILON)
    ),
    "epsilon stands under the root": ended(
        lambda m, v, t: m / (1 - B1**t) / np.sqrt(v / (1 - B2**t) + EPSILON)
    ),
    "the root of v is missing": ended(
        lambda m, v, t: m / (1 - B1**t) / (v / (1 - B2**t) + EPSILON)
    ),
    "0.9 and 0.999 are exchanged": lambda g, w, rate: follow(
        _summed(g, w), rate, B2, B1,
        lambda m, v, t: m / (1 - B2**t) / (np.sqrt(v / (1 - B1**t)) + EPSILON),
    ),
    "the sign is wrong: a step goes against the gradient": (
        lambda g, w, rate: -right_change(g, w, rate)
    ),
    "only the last step is returned, not the sum of all": last_step,
    "v averages the weighted squares of the tasks, not the square of the weighted sum": (
        squares_apart
    ),
    "the rate is not used": lambda g, w, rate: right_change(g, w, 1.0),
    "the weights are scaled to a sum of 1": to_one,
    "the sum over tasks is divided by their number": lambda g, w, rate: right_change(
        g, np.asarray(w) / len(w), rate
    ),
}  # fmt: skip


def _run(seed: int, t: int, k: int, d: int, w: list[float], rate: float, size: float = 1.0) -> Run:
    draw = np.random.default_rng(seed)
    return (draw.normal(size=(t, k, d)).round(2) + 0.0) * size, np.array(w), rate


_RUNS: list[Run] = [
    (np.array([[[0.5, 0.0, 0.3], [0.0, 0.2, -0.1]]]), np.array([1.0, 10.0]), 0.1),
    _run(0, 3, 2, 3, [1.0, 0.1], 0.01),
    _run(1, 5, 3, 2, [0.5, 2.0, 0.0], 0.003),
    _run(2, 4, 1, 2, [3.0], 0.1),
    (np.array([[[0.0, 0.2]], [[0.0, -0.1]]]), np.array([2.0]), 0.1),
    _run(3, 2, 2, 2, [4.0, 0.2], 0.1, size=1e-8),
    _run(4, 30, 2, 1, [1.0, 0.3], 0.02),
    _run(5, 3, 2, 2, [1.0, 1.0], 1.0),
    (np.array([[[0.5, 0.2]], [[0.0, 0.0]], [[-0.3, 0.4]]]), np.array([2.0]), 0.1),
    (np.array([[[0.5, 0.2]], [[0.3, 0.0]], [[-0.3, 0.4]]]), np.array([2.0]), 0.1),
]


def check_adam(answer: Any) -> None:
    compare(
        answer,
        _RUNS,
        right_change,
        lambda value, run: as_array(value, f"{_told(run)}the result", run[0].shape[2:]),
        _told,
        MISTAKES,
        lambda run, path: f"{_told(run)}the change of weight {path[0]}",
    )


def _told(run: Any) -> str:
    g, w, rate = run
    return with_lines(g=g, w=w, rate=rate)


TASK = Task(
    id="20.4",
    prompt="Return how far Adam moves each weight along the weighted sum of the tasks' gradients.",
    check_answer=check_adam,
    hints=(
        "First the weighted sum of the tasks' gradients, [T, d]. From then on no task is seen.",
        "Keep m and v, both [d], zeros at first; t counts from 1.",
        "G = (g[t - 1] * w[:, None]).sum(axis=0); m = 0.9 * m + 0.1 * G; v = 0.999 * v + "
        "0.001 * G**2; the step is -rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + "
        "1e-8).",
    ),
    insight="A constant factor on a gradient hardly changes Adam's step. So a task's loss weight "
    "counts where several tasks train together: it changes the mix of gradients there.",
)
