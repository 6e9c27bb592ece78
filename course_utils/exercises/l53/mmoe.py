"""Task 53.8: the forward pass of MMoE, without a loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, n: int, d: int, m: int, h: int, tasks: int, gate: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> Array:
        return draw.integers(-4, 5, shape) / 4

    x, w_g = some(n, d), gate * some(tasks, d, m)
    return x, some(m, d, h), some(m, h), w_g, some(tasks, h), some(tasks)


EXAMPLE: Case = (
    np.array([[1.0, 2.0]]),
    np.array([[[1.0], [0.0]], [[0.0], [2.0]]]),
    np.array([[0.0], [-1.0]]),
    np.array([[[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]]),
    np.array([[1.0], [1.0]]),
    np.array([0.0, -2.0]),
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 3, 2, 2, 3, 2),
    _case(2, 2, 3, 4, 2, 3),
    _case(3, 4, 2, 1, 2, 1),
    _case(4, 3, 2, 3, 2, 2, 4000.0),
    # As many rows as experts, as tasks, as hidden units.
    _case(5, 2, 2, 2, 2, 2),
    _case(6, 0, 2, 2, 2, 2),
    # Towers' sums of -20 and of 20: 2e-9, and 1 less that.
    (
        np.array([[1.0]]),
        np.array([[[20.0]]]),
        np.zeros((1, 1)),
        np.zeros((2, 1, 1)),
        np.array([[-1.0], [1.0]]),
        np.zeros(2),
    ),
]


def by(
    gates: Callable[[Array], Array] = lambda g: g,
    axis: int = 2,
    relu: Callable[[Array], Array] = lambda z: np.maximum(z, 0),
    bias: float = 1.0,
    tower_bias: float = 1.0,
    sharp: Callable[[Array], Array] = np.exp,
    last: Callable[[Array], Array] = lambda z: 1 / (1 + np.exp(-z)),
    late: bool = False,
    ready: Callable[[Array, Array], Array] = lambda g, mixed: mixed,
) -> Callable[..., Array]:
    """Probabilities (n, K); ``gates`` changes the gates' scores (K, n, m)."""

    def forward(x: Array, w_e: Array, b_e: Array, w_g: Array, w_t: Array, b_t: Array) -> Array:
        z = np.einsum("nd,mdh->mnh", x, w_e) + bias * b_e[:, None, :]
        f = z if late else relu(z)
        scores = gates(np.einsum("nd,kdm->knm", x, w_g))
        top = scores.max(axis=axis, keepdims=True) if scores.size else 0.0
        g = sharp(scores - top)
        g = g / g.sum(axis=axis, keepdims=True)
        mixed = np.einsum("knm,mnh->knh", g, f)
        mixed = relu(mixed) if late else mixed
        return last(np.einsum("knh,kh->nk", mixed, w_t) + tower_bias * b_t)

    return forward


def _clipped(least: float) -> Callable[..., Array]:
    return by(last=lambda z: np.clip(1 / (1 + np.exp(-z)), least, 1 - least))


right_mmoe = by()

MISTAKES: dict[str, Callable[..., Array]] = {
    "all tasks use the first task's gate": by(lambda g: np.broadcast_to(g[:1], g.shape)),
    "the gates are uniform: every expert weighs the same": by(np.zeros_like),
    "one gate serves all rows, that of the first": by(lambda g: np.broadcast_to(g[:, :1], g.shape)),
    "the softmax runs over rows; it is over experts": by(axis=1),
    "the softmax runs over tasks; it is over experts": by(axis=0),
    "the experts have no relu": by(relu=lambda z: z),
    "the relu comes after the mixture; each expert has its own": by(late=True),
    "the experts' biases are left out": by(bias=0.0),
    "the towers' biases are left out": by(tower_bias=0.0),
    "the last sigmoid is missing": by(last=lambda z: z),
    "probabilities are clipped at 1e-7; nothing is clipped": _clipped(1e-7),
    "probabilities are clipped at .001; nothing is clipped": _clipped(1e-3),
    "each row goes to its best expert alone": by(sharp=lambda s: (s == 0).astype(float)),
}


def check_mmoe(answer: Any) -> None:
    why = "exp of thousands is infinite: subtract each row's largest score of the gate first."
    names = ("x", "w_e", "b_e", "w_g", "w_t", "b_t")
    hold(answer, names, CASES, right_mmoe, MISTAKES, not_finite=why)


TASK = Task(
    id="53.8",
    prompt="Return the probabilities of all rows and tasks: experts, a gate a task, towers.",
    check_answer=check_mmoe,
    hints=(
        "Name the axes: n rows, d inputs, m experts, h units, k tasks. Experts are (m, n, h), "
        "gates "
        "(k, n, m), the mixture (k, n, h), the result (n, k).",
        "np.einsum('nd,mdh->mnh', x, w_e) is all experts at once. The bias (m, h) needs an axis "
        "for "
        "the rows: b_e[:, None]. The softmax is over m: subtract each row's maximum.",
        "g = np.einsum('nd,kdm->knm', x, w_g); g = np.exp(g - g.max(2, keepdims=True)); g /= "
        "g.sum(2, keepdims=True); z = np.einsum('knm,mnh,kh->nk', g, f, w_t) + b_t.",
    ),
    insight="All tasks read the same experts; only the gates and towers are their own.",
)
