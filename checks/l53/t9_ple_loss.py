"""Task 53.9: PLE's loss: tasks whose sample spaces differ."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.9")
edit, first = right.edit, right.first


def _case(seed: int, n: int, tasks: int, share: float, step: int) -> Case:
    draw = np.random.default_rng(seed)
    z, space = draw.normal(0, 2, (n, tasks)).round(1), draw.random((n, tasks)) < share
    y = np.where(space, draw.integers(2, size=(n, tasks)), np.nan)
    return z, y, space, draw.uniform(0.5, 2, tasks).round(1), draw.uniform(0.9, 1.1, tasks), step


def _table(*rows: list[float]) -> np.ndarray:
    return np.array(rows, float)


CASES: list[Case] = [
    (
        _table([0, 0], [0, 0]),
        _table([1, np.nan], [0, 1]),
        _table([1, 0], [1, 1]) > 0,
        np.array([1.0, 2.0]),
        np.array([1.0, 0.5]),
        1,
    ),
    _case(1, 6, 2, 0.5, 0),
    _case(2, 8, 3, 0.4, 3),
    _case(3, 5, 1, 1.0, 2),
    # A task without a row; a batch without one.
    (
        _table([0.3, -1], [0.7, 2]),
        _table([1, np.nan], [0, np.nan]),
        _table([1, 0], [1, 0]) > 0,
        np.array([1.5, 2.0]),
        np.array([0.9, 0.9]),
        2,
    ),
    (np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2), bool), np.ones(2), np.ones(2), 1),
    # Far from 0, on the right side and on the wrong one.
    (
        _table([800, -900], [-2, 30]),
        _table([1, 1], [0, 0]),
        np.ones((2, 2), bool),
        np.ones(2),
        np.ones(2),
        0,
    ),
]

LOG_LOSS, ROWS = "np.logaddexp(0, z) - known * z", "np.maximum(space.sum(axis=0), 1)"

SLIPS = {
    "each task is divided by all rows, not by the rows of its own space": edit(
        {ROWS: "max(len(z), 1)"}
    ),
    "nothing is divided: each task's loss is a mean over its space": edit({f" / {ROWS}": ""}),
    "all rows of all spaces share one mean; each task has its own": edit(
        {ROWS: "np.maximum(space.sum() / space.shape[1], 1e-9)"}
    ),
    "rows outside a task's space count as label 0": first(
        "y, space = np.where(space, y, 0.0), np.ones_like(space)"
    ),
    "only rows that lie in all spaces count; it is the union": first(
        "space = space & space.all(axis=1, keepdims=True)"
    ),
    "the weights do not change with the epoch": edit({"**epoch": "**0"}),
    "the weights are multiplied by the ratio once, not epoch times": first("epoch = min(epoch, 1)"),
    "the weights begin one epoch late": first("epoch += 1"),
    "the weights ω at epoch 0 are left out": edit({"(w * ": "("}),
    "the mean over tasks is returned; the weights belong into a sum": edit(
        {"means).sum()": "means).mean()"}
    ),
    "probabilities are clipped, which makes a large loss smaller": edit(
        {LOG_LOSS: "-np.log(np.clip(1 / (1 + np.exp(z * (1 - 2 * known))), 1e-7, 1 - 1e-7))"}
    ),
}


def _not_finite(case: Case) -> str:
    _, _, space, *_ = case
    if not space.any(axis=0).all():
        return "0 / 0 is nan: a task without a row in its space adds 0."
    return (
        "0 times nan is nan: replace the labels outside the space before you multiply. And exp "
        "of hundreds is infinite: the log loss is np.logaddexp(0, z) - y * z."
    )


TASK = checked(
    "53.9",
    "Return PLE's loss: each task's mean over its own sample space, weighted by the epoch.",
    right,
    CASES,
    SLIPS,
    hints=(
        "The log loss from a logit is softplus(z) - y z; softplus(z) is np.logaddexp(0, z) and "
        "holds at any z.",
        "Take unknown labels away first, np.where(space, y, 0.0): 0 * nan is nan. Then sum the "
        "losses inside the space, and divide by the number of rows inside.",
        "loss = np.where(space, np.logaddexp(0, z) - np.where(space, y, 0) * z, 0).sum(axis=0); "
        "mean = loss / np.maximum(space.sum(axis=0), 1); (w * ratio ** epoch * mean).sum().",
    ),
    insight="Divided by all rows, a task with a small space is a task with a small weight that "
    "nobody chose.",
    not_finite=_not_finite,
)
