"""Task 20.5: the cosine of each pair of tasks' gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

Gradients = list[np.ndarray]
"""One array a shared weight, each ``[K, ...]``."""


def right_cosines(gradients: Gradients) -> np.ndarray:
    return cosines_of(flat(gradients))


def flat(gradients: Gradients) -> np.ndarray:
    """``[K, n]``: all numbers of each task's gradient in one row."""
    return np.concatenate([np.asarray(g, float).reshape(len(g), -1) for g in gradients], axis=1)


def cosines_of(rows: np.ndarray) -> np.ndarray:
    norms = np.sqrt(np.einsum("kn,kn->k", rows, rows))
    unit = rows / np.where(norms > 0, norms, 1.0)[:, None]
    return unit @ unit.T


def at_least(rows: np.ndarray, shortest: float) -> np.ndarray:
    norms = np.maximum(np.linalg.norm(rows, axis=1), shortest)
    return rows @ rows.T / np.outer(norms, norms)


def of_one(place: int) -> Callable[[Gradients], np.ndarray]:
    return lambda gradients: right_cosines([gradients[place]])


def mean_of_layers(gradients: Gradients) -> np.ndarray:
    return np.mean([right_cosines([one]) for one in gradients], axis=0)


def products(gradients: Gradients) -> np.ndarray:
    return flat(gradients) @ flat(gradients).T


def centred(gradients: Gradients) -> np.ndarray:
    rows = flat(gradients)
    return cosines_of(rows - rows.mean(axis=1, keepdims=True))


def ones_on_diagonal(gradients: Gradients) -> np.ndarray:
    found = right_cosines(gradients)
    np.fill_diagonal(found, 1.0)
    return found


def nan_for_zero(gradients: Gradients) -> np.ndarray:
    rows = flat(gradients)
    norms = np.linalg.norm(rows, axis=1)
    with np.errstate(invalid="ignore"):
        return rows @ rows.T / np.outer(norms, norms)


def one_norm(gradients: Gradients) -> np.ndarray:
    """Divided by one squared norm, not by both norms."""
    rows = flat(gradients)
    squares = (rows**2).sum(axis=1)
    return rows @ rows.T / np.where(squares > 0, squares, 1.0)[:, None]


def zero_of_one(which: Callable[[list[bool]], bool]) -> Callable[[Gradients], np.ndarray]:
    """Cosines of 0 for a task by what its single arrays are."""

    def found(gradients: Gradients) -> np.ndarray:
        zero = [which([not np.any(one[k]) for one in gradients]) for k in range(len(gradients[0]))]
        return right_cosines(gradients) * np.outer(np.invert(zero), np.invert(zero))

    return found


MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "the inner products are not divided by the lengths": products,
    "the inner product is divided by the square of one length, not by both lengths": one_norm,
    "the cosines of the single arrays are averaged: put all numbers of a task into one row": (
        mean_of_layers
    ),
    "only the last array is used, which is where GradNorm looks": of_one(-1),
    "only the first array is used: in a network that is the embedding": of_one(0),
    "the mean is subtracted first: that is a correlation": centred,
    "the angle is returned, not its cosine": lambda g: np.arccos(np.clip(right_cosines(g), -1, 1)),
    "negative cosines are set to 0: conflict is what we look for": (
        lambda g: np.maximum(right_cosines(g), 0)
    ),
    "the sign is lost": lambda g: np.abs(right_cosines(g)),
    "1 minus the cosine is returned": lambda g: 1 - right_cosines(g),
    "a task without a gradient has a cosine of 1 with itself": ones_on_diagonal,
    "a task is taken to have no gradient where the first array alone is 0": zero_of_one(
        lambda each: each[0]
    ),
    "a task is taken to have no gradient where any array is 0": zero_of_one(any),
    "a length is taken to be 1e-12 or more: a short gradient has a direction, too": (
        lambda gradients: at_least(flat(gradients), 1e-12)
    ),
    "all gradients are taken as signs": lambda g: cosines_of(np.sign(flat(g))),
}


def _drawn(seed: int, tasks: int, *shapes: tuple[int, ...]) -> Gradients:
    draw = np.random.default_rng(seed)
    return [(draw.normal(size=(tasks, *shape)).round(1) + 0.0) for shape in shapes]


_ZERO = _drawn(3, 3, (2,), (1, 2))
for _one in _ZERO:
    _one[1] = 0.0

_CASES: list[tuple[Gradients]] = [
    ([np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[4.0], [-1.0]])],),
    (_drawn(0, 2, (2, 2), (3,)),),
    (_drawn(1, 3, (2,), (1, 1), (2, 1, 2)),),
    (_drawn(2, 2, (4,)),),
    ([np.array([[1.0, -1.0], [2.0, 1.0]])],),  # the sum of a row is 0, its length is not
    (_ZERO,),
    (_drawn(4, 1, (2,), (2,)),),
    ([np.array([[2.0, 1.0], [-2.0, -1.0]]), np.array([[0.5], [-0.5]])],),
    ([np.array([[1e-9, 2e-9], [3e-9, -1e-9]]), np.array([[2e-9], [1e-9]])],),
    ([np.array([[100.0, 1.0], [1.0, -96.0]])],),
    ([np.array([[3, 1], [-1, 2]]), np.array([[0], [1]])],),
    # 0 in one array is not 0 everywhere; a short gradient is none of 0.
    ([np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[3.0], [1.0]])],),
    ([np.array([[1e-20, 2e-20], [3.0, 1.0]])],),
]


def check_cosines(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_cosines,
        lambda value, case: as_array(
            value, f"{_told(case)}the result", (len(case[0][0]), len(case[0][0]))
        ),
        _told,
        MISTAKES,
        lambda case, path: f"{_told(case)}the cosine of tasks {path[0]} and {path[1]}",
    )


def _told(case: Any) -> str:
    (gradients,) = case
    told = with_lines(gradients=gradients)
    if not np.any(flat(gradients), axis=1).all():
        told += "(where a task has no gradient: its cosines are 0) "
    return told


TASK = Task(
    id="20.5",
    prompt="Return the cosine of each pair of tasks' gradients over all shared weights, [K, K].",
    check_answer=check_cosines,
    hints=(
        "One row a task: reshape each array to [K, -1] and put the arrays side by side.",
        "The inner products of all rows are rows @ rows.T. Then divide by both lengths.",
        "rows = np.concatenate([g.reshape(len(g), -1) for g in gradients], axis=1); norms = "
        "np.linalg.norm(rows, axis=1); replace a norm of 0 by 1 before you divide.",
    ),
    insight="A cosine below 0 is a conflict: the step that helps one task alone hurts the other. "
    "It speaks of this step and these weights; who gains in the end is measured by training.",
)
