"""Task 53.11: PCGrad for any number of tasks, in a given order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, tasks: int, n: int) -> Case:
    draw = np.random.default_rng(seed)
    orders = [draw.permutation([j for j in range(tasks) if j != i]).tolist() for i in range(tasks)]
    return draw.normal(size=(tasks, n)).round(1), orders


EXAMPLE: Case = (np.array([[1.0, 0.0], [-1.0, 2.0]]), [[1], [0]])
CASES: list[Case] = [
    EXAMPLE,
    (np.array([[2.0, 1.0], [1.0, 3.0]]), [[1], [0]]),
    # Task 1 meets 2, which undoes a conflict, or 0 first.
    (np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]), [[1, 2], [2, 0], [0, 1]]),
    (np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]), [[2, 1], [0, 2], [1, 0]]),
    _case(1, 3, 2),
    _case(2, 4, 3),
    _case(3, 5, 4),
    (np.array([[1.0, -2.0]]), [[]]),
    # A task that says nothing; gradients that cancel; whole numbers in 8 bits.
    (np.array([[0.0, 0.0], [1.0, 2.0], [-1.0, 0.0]]), [[1, 2], [0, 2], [1, 0]]),
    (np.array([[1.0, 2.0], [-1.0, -2.0]]), [[1], [0]]),
    (np.array([[100, 0], [-100, 50]], np.int8), [[1], [0]]),
    (np.array([[127, 120, 90], [-128, -90, -100]], np.int8), [[1], [0]]),
    (np.array([[1e-6, 0.0], [-1e-6, 2e-6]]), [[1], [0]]),
]


def by(
    conflict: Callable[[float], bool] = lambda dot: dot < 0,
    against: str = "as it came",
    divide: Callable[[Array, Array], float] = lambda g, h: float(h @ h),
    order: Callable[[int, Any, int], Any] = lambda i, orders, n: orders[i],
    sign: float = 1.0,
    ask: str = "projected",
    total: Callable[[Array], Array] = lambda rows: rows.sum(axis=0),
) -> Callable[..., Array]:
    """The direction; right as it stands."""

    def direction(grads: Array, orders: Any) -> Array:
        grads = grads.astype(float)
        moved = grads.copy()
        for i in range(len(grads)):
            for j in order(i, orders, len(grads)):
                other = moved[j] if against == "projected" else grads[j]
                asked = float((grads[i] if ask == "as it came" else moved[i]) @ other)
                if conflict(asked) and divide(moved[i], other):
                    moved[i] = moved[i] - sign * asked / divide(moved[i], other) * other
        return total(moved)

    return direction


def _normalised(grads: Array, orders: Any) -> Array:
    d, plain = right_pcgrad(grads, orders), np.linalg.norm(grads.astype(float).sum(axis=0))
    long = np.linalg.norm(d)
    return np.asarray(d * plain / long if long else d)


def short_type(kind: Any) -> Callable[..., Array]:
    """Products of whole numbers in a short type."""

    def direction(grads: Array, orders: Any) -> Array:
        moved = grads.astype(float)
        short = grads.astype(kind) if grads.dtype.kind in "iu" and grads.itemsize == 1 else grads
        for i, order in enumerate(orders):
            for j in order:
                same = np.array_equal(moved[i], grads[i])
                dot = float(short[i] @ short[j]) if same else float(moved[i] @ grads[j])
                square = float(short[j] @ short[j])
                if dot < 0:
                    moved[i] -= (dot / square if square else np.inf) * grads[j]
        return moved.sum(axis=0)

    return direction


right_pcgrad = by()

MISTAKES: dict[str, Callable[..., Array]] = {
    "a part is taken away where nothing conflicts": by(conflict=lambda dot: True),
    "the other gradient is the one already projected; take it as it came": by(against="projected"),
    "the conflict is asked of the gradient as it came, not of what is left of it": by(
        ask="as it came"
    ),
    "the orders given are not used": by(order=lambda i, orders, n: [j for j in range(n) if j != i]),
    "every task but the first is left as it came": by(
        order=lambda i, orders, n: orders[i] if i == 0 else []
    ),
    "each task meets one other only": by(order=lambda i, orders, n: orders[i][:1]),
    "the inner product is divided by the length; divide by its square": by(
        divide=lambda g, h: float(h @ h) ** 0.5
    ),
    "the inner product is divided by the own square, not by the other's": by(
        divide=lambda g, h: float(g @ g)
    ),
    "the inner product is not divided": by(divide=lambda g, h: 1.0),
    "the part is added, not taken away": by(sign=-1.0),
    "the mean is returned; the paper adds": by(total=lambda rows: np.asarray(rows.mean(axis=0))),
    "a conflict counts only beyond a small number": by(conflict=lambda dot: dot < -1e-8),
    "products of whole numbers overflow in 8 bits; grads.astype(float) first": short_type(np.int8),
    "products of whole numbers overflow in 16 bits too; grads.astype(float) first": short_type(
        np.int16
    ),
    "the result is stretched to the length of the plain sum": _normalised,
    "the plain sum is returned": by(conflict=lambda dot: False),
}


def check_pcgrad(answer: Any) -> None:
    why = "A gradient of 0 conflicts with none: divide only where the inner product is below 0."
    hold(answer, ("grads", "orders"), CASES, right_pcgrad, MISTAKES, not_finite=why)


TASK = Task(
    id="53.11",
    prompt="Return the sum of the gradients, each projected off the others that it conflicts with.",
    check_answer=check_pcgrad,
    hints=(
        "Two loops: tasks i, and j in orders[i]. Two tables: the gradients as they came, and a "
        "copy "
        "that changes row by row.",
        "g = grads[i].copy(); for j: dot = g @ grads[j]. Below 0 take dot / (grads[j] @ "
        "grads[j]) times "
        "grads[j] away from g.",
        "grads = np.asarray(grads, float) first: 8-bit products overflow. A gradient of zeros "
        "has dot 0 "
        "and is never divided by. Return the sum of all g.",
    ),
    insight="K² n for the projections; the K backward passes before them are the larger bill.",
)
