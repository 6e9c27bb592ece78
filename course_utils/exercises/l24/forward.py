"""Task 24.1: the forward pass of MMoE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l24.slips import MISTAKES, right_forward
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten


def _case(seed: int, n: int, d: int, h: int, m: int, tasks: str, scale: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(size=shape).round(1) + 0.0

    experts = [(some(d, h), some(h)) for _ in range(m)]
    gates = {task: scale * some(d, m) for task in tasks.split()}
    towers = {task: (some(h), round(float(draw.normal()), 1)) for task in tasks.split()}
    return (2 * some(n, d)).round(1) + 0.0, experts, gates, towers


SMALL: Case = (
    np.array([[1.0, 2.0]]),
    [
        (np.array([[1.0], [0.0]]), np.array([0.0])),
        (np.array([[0.0], [2.0]]), np.array([-1.0])),
    ],
    {"click": np.array([[0.0, 0.0], [0.0, 0.0]]), "buy": np.array([[0.0, 0.0], [1.0, 0.0]])},
    {"click": (np.array([1.0]), -1.0), "buy": (np.array([1.0]), 0.0)},
)

ORDINARY: list[Case] = [
    SMALL,
    # The towers' tasks in another order than the gates'.
    (*SMALL[:3], dict(reversed(SMALL[3].items()))),
    _case(1, 3, 2, 2, 3, "click buy"),
    _case(5, 4, 3, 2, 2, "view buy click"),
    _case(3, 1, 2, 3, 2, "buy click"),
    _case(4, 3, 2, 2, 1, "click buy"),
    _case(6, 3, 2, 2, 4, "only"),
    _case(7, 2, 2, 2, 5, "click buy"),
    (np.array([[1, 2], [3, 1]]), *SMALL[1:]),  # whole numbers
    # Logits of -10 and -20: no clip leaves their probabilities alone.
    (
        np.array([[10.0], [20.0]]),
        [(np.array([[1.0]]), np.array([0.0])), (np.array([[1.0]]), np.array([0.0]))],
        {"click": np.array([[0.1, 0.0]])},
        {"click": (np.array([-1.0]), 0.0)},
    ),
]
LARGE: list[Case] = [
    # Gate scores of hundreds, of both signs: a plain exp overflows.
    _case(9, 3, 2, 2, 3, "click buy", scale=500.0),
    # Two large scores in one row, 1000 and 800, then -1000 and -800: clipped they would be equal.
    (
        np.array([[1.0], [-1.0]]),
        [(np.array([[0.0]]), np.array([1.0])), (np.array([[0.0]]), np.array([3.0]))],
        {"click": np.array([[1000.0, 800.0]])},
        {"click": (np.array([1.0]), 0.0)},
    ),
]
CASES = [*ORDINARY, *LARGE]


def check_forward(answer: Any) -> None:
    for cases in (ORDINARY, CASES):  # a slip shows on small numbers before it gives nan on large
        compare(
            answer,
            cases,
            _table(right_forward),
            _read,
            _told,
            {why: _table(forward) for why, forward in MISTAKES.items()},
            lambda case, at: f"{_told(case)}row {at[0]} of {list(case[3])[at[1]]!r}",
        )


def _told(case: Case) -> str:
    return with_lines(**dict(zip(("x", "experts", "gates", "towers"), case, strict=True)))


def _table(forward: Callable[..., dict[str, np.ndarray]]) -> Callable[..., np.ndarray]:
    """A row a row, a column a task, in the order of the towers."""
    return lambda *case: np.stack([forward(*case)[task] for task in case[3]], axis=1)


def _read(got: Any, case: Case) -> np.ndarray:
    told, towers = _told(case), case[3]
    refuse_none(got, f"{told}the result", "a dict")
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"{told}the result must be a dict with the keys {[*towers]}, got {shorten(got)}.")
    shape = (len(case[0]),)
    for task in towers:
        given = got[task]
        if isinstance(given, np.ndarray) and given.dtype == float and np.isnan(given).any():
            reject(
                f"{told}the result of {task!r} must not hold nan. np.exp overflows, or all "
                "weights of a row become 0: subtract each row's own largest score."
            )
    return np.stack(
        [as_array(got[task], f"{told}the result of {task!r}", shape) for task in towers], axis=1
    )


TASK = Task(
    id="24.1",
    prompt="Return each task's probabilities: experts, the task's gate, the mixture, the tower.",
    check_answer=check_forward,
    hints=(
        "Compute what the experts give once: all tasks share it. Gate and tower are the task's.",
        "For each row a softmax over the experts: subtract the row's largest score before exp.",
        "f = np.stack([np.maximum(x @ W + b, 0) for W, b in experts]) is [m, n, h]; with g [n, m] "
        "the mixture is (g.T[:, :, None] * f).sum(axis=0), [n, h]; then the tower.",
    ),
    forgotten={
        "shapes (4,2) (4,)": "A sum or a maximum over axis=1 of [n, m] has the shape [n]: keep the "
        "axis with keepdims=True."
    },
    insight="Experts are shared by all tasks; who listens to whom is in the gates alone.",
)
