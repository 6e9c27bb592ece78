"""Task 53.8: the forward pass of MMoE, without a loop."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.8")
edit, first, returning = right.edit, right.first, right.returning


def _case(seed: int, n: int, d: int, m: int, h: int, tasks: int, gate: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return draw.integers(-4, 5, shape) / 4

    x, w_g = some(n, d), gate * some(tasks, d, m)
    return x, some(m, d, h), some(m, h), w_g, some(tasks, h), some(tasks)


CASES: list[Case] = [
    (
        np.array([[1.0, 2.0]]),
        np.array([[[1.0], [0.0]], [[0.0], [2.0]]]),
        np.array([[0.0], [-1.0]]),
        np.array([[[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]]),
        np.array([[1.0], [1.0]]),
        np.array([0.0, -2.0]),
    ),
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

UNITS, SOFTMAX = 'np.einsum("nd,mdh->mnh", x, w_e) + b_e[:, None]', "axis=2, keepdims=True"
LOGITS = "(mixed * w_t).sum(axis=2) - b_t"

SLIPS = {
    "all tasks use the first task's gate": first("w_g = np.broadcast_to(w_g[:1], w_g.shape)"),
    "the gates are uniform: every expert weighs the same": first("w_g = 0 * w_g"),
    "one gate serves all rows, that of the first": edit({"x, w_g": "x[:1] + 0 * x, w_g"}),
    "the softmax runs over rows; it is over experts": edit({SOFTMAX: "axis=1, keepdims=True"}),
    "the softmax runs over tasks; it is over experts": edit({SOFTMAX: "axis=0, keepdims=True"}),
    "the experts have no relu": edit({f"np.maximum({UNITS}, 0)": UNITS}),
    "the relu comes after the mixture; each expert has its own": edit(
        {f"np.maximum({UNITS}, 0)": UNITS, "mixed * w_t": "np.maximum(mixed, 0) * w_t"}
    ),
    "the experts' biases are left out": edit({" + b_e[:, None]": ""}),
    "the towers' biases are left out": edit({" - b_t": ""}),
    "the last sigmoid is missing": edit(
        {f"1 / (1 + np.exp(-{LOGITS}))": "(mixed * w_t).sum(axis=2) + b_t"}
    ),
    "probabilities are clipped at 1e-7; nothing is clipped": returning(
        "np.clip(result, 1e-7, 1 - 1e-7)"
    ),
    "probabilities are clipped at .001; nothing is clipped": returning(
        "np.clip(result, 0.001, 0.999)"
    ),
    "each row goes to its best expert alone": edit(
        {f"np.exp(g - g.max({SOFTMAX}))": f"1.0 * (g == g.max({SOFTMAX}))"}
    ),
}

TASK = checked(
    "53.8",
    "Return the probabilities of all rows and tasks: experts, a gate a task, towers.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Name the axes: n rows, d inputs, m experts, h units, k tasks. Experts are (m, n, h), "
        "gates (k, n, m), the mixture (k, n, h), the result (n, k).",
        "np.einsum('nd,mdh->mnh', x, w_e) is all experts at once. The bias (m, h) needs an axis "
        "for the rows: b_e[:, None]. The softmax is over m: subtract each row's maximum.",
        "g = np.einsum('nd,kdm->knm', x, w_g); g = np.exp(g - g.max(2, keepdims=True)); g /= "
        "g.sum(2, keepdims=True); z = np.einsum('knm,mnh,kh->nk', g, f, w_t) + b_t.",
    ),
    insight="All tasks read the same experts; only the gates and towers are their own.",
    not_finite="exp of thousands is infinite: subtract each row's largest score of the gate first.",
)
