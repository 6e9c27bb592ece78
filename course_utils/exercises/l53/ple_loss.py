"""Task 53.9: PLE's loss: tasks whose sample spaces differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, n: int, tasks: int, share: float, step: int) -> Case:
    draw = np.random.default_rng(seed)
    z, space = draw.normal(0, 2, (n, tasks)).round(1), draw.random((n, tasks)) < share
    y = np.where(space, draw.integers(2, size=(n, tasks)), np.nan)
    return z, y, space, draw.uniform(0.5, 2, tasks).round(1), draw.uniform(0.9, 1.1, tasks), step


def _table(*rows: list[float]) -> Array:
    return np.array(rows, float)


EXAMPLE: Case = (
    _table([0, 0], [0, 0]),
    _table([1, np.nan], [0, 1]),
    _table([1, 0], [1, 1]) > 0,
    np.array([1.0, 2.0]),
    np.array([1.0, 0.5]),
    1,
)
CASES: list[Case] = [
    EXAMPLE,
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


def by(
    count: str = "own",
    known: Callable[[Array, Array], Array] = lambda y, space: space,
    power: Callable[[int], float] = lambda t: t,
    weight: Callable[[Array], Array] = lambda w: w,
    loss: Callable[[Array, Array], Array] = lambda z, y: np.logaddexp(0, z) - y * z,
    total: Callable[[Array], float] = lambda parts: float(parts.sum()),
) -> Callable[..., float]:
    """The loss; ``count`` says by what each task's sum is divided."""

    def value(z: Array, y: Array, space: Array, w: Array, decay: Array, step: int) -> float:
        there = known(y, space)
        terms = np.where(there, loss(z, np.where(space, y, 0.0)), 0.0)
        rows = {
            "own": there.sum(axis=0),
            "all": np.full(z.shape[1], len(z)),
            "cells": np.full(z.shape[1], there.sum() / z.shape[1]),
            "one": np.ones(z.shape[1]),
        }[count]
        means = terms.sum(axis=0) / np.maximum(rows, 1e-300)
        return total(weight(w) * decay ** power(step) * means)

    return value


def _naive(z: Array, y: Array) -> Array:
    p = 1 / (1 + np.exp(-z))
    return np.asarray(-y * np.log(p) - (1 - y) * np.log(1 - p))


def _clipped(z: Array, y: Array) -> Array:
    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
    return np.asarray(-y * np.log(p) - (1 - y) * np.log(1 - p))


right_ple_loss = by()

MISTAKES: dict[str, Callable[..., float]] = {
    "each task is divided by all rows, not by the rows of its own space": by("all"),
    "nothing is divided: each task's loss is a mean over its space": by("one"),
    "all rows of all spaces share one mean; each task has its own": by("cells"),
    "rows outside a task's space count as label 0": by(known=lambda y, space: np.ones_like(space)),
    "only rows that lie in all spaces count; it is the union": by(
        known=lambda y, space: space & space.all(axis=1, keepdims=True)
    ),
    "the weights do not change with the epoch": by(power=lambda t: 0),
    "the weights are multiplied by the ratio once, not epoch times": by(power=lambda t: min(t, 1)),
    "the weights begin one epoch late": by(power=lambda t: t + 1),
    "the weights ω at epoch 0 are left out": by(weight=np.ones_like),
    "the mean over tasks is returned; the weights belong into a sum": by(
        total=lambda parts: float(parts.mean())
    ),
    "probabilities are clipped, which makes a large loss smaller": by(loss=_clipped),
}


def check_ple_loss(answer: Any) -> None:
    names = ("z", "y", "space", "w", "ratio", "epoch")

    def why(case: Case) -> str:
        _, _, space, *_ = case
        if not space.any(axis=0).all():
            return "0 / 0 is nan: a task without a row in its space adds 0."
        return (
            "0 times nan is nan: replace the labels outside the space before you multiply. And exp "
            "of hundreds is infinite: the log loss is np.logaddexp(0, z) - y * z."
        )

    hold(answer, names, CASES, right_ple_loss, MISTAKES, not_finite=why)


TASK = Task(
    id="53.9",
    prompt="Return PLE's loss: each task's mean over its own sample space, weighted by the epoch.",
    check_answer=check_ple_loss,
    hints=(
        "The log loss from a logit is softplus(z) - y z; softplus(z) is np.logaddexp(0, z) and "
        "holds at "
        "any z.",
        "Take unknown labels away first, np.where(space, y, 0.0): 0 * nan is nan. Then sum the "
        "losses "
        "inside the space, and divide by the number of rows inside.",
        "loss = np.where(space, np.logaddexp(0, z) - np.where(space, y, 0) * z, 0).sum(axis=0); "
        "mean = loss / np.maximum(space.sum(axis=0), 1); (w * ratio ** epoch * mean).sum().",
    ),
    insight="Divided by all rows, a task with a small space is a task with a small weight that "
    "nobody chose.",
)
