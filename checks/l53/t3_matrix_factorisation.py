"""Task 53.3: matrix factorisation with biases by stochastic gradient descent."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.3")
edit, first, returning = right.edit, right.first, right.returning


def _case(seed: int, users: int, items: int, f: int, n: int, *rest: float) -> Case:
    draw = np.random.default_rng(seed)
    rows = zip(
        draw.integers(users, size=n).tolist(),
        draw.integers(items, size=n).tolist(),
        draw.integers(1, 6, size=n).tolist(),
        strict=True,
    )
    p, q = draw.normal(0, 0.5, (users, f)), draw.normal(0, 0.5, (items, f))
    return list(rows), p.round(2), q.round(2), *rest


CASES: list[Case] = [
    ([(0, 0, 5), (0, 1, 3)], np.array([[0.5]]), np.array([[1.0], [2.0]]), 1, 0.1, 0.0),
    ([(0, 0, 5), (0, 1, 2)], np.array([[0.5]]), np.array([[1.0], [-1.0]]), 1, 0.1, 0.2),
    _case(1, 3, 4, 2, 6, 2, 0.05, 0.1),
    _case(2, 4, 3, 1, 5, 3, 0.1, 0.0),
    _case(3, 2, 2, 3, 4, 0, 0.1, 0.2),
    _case(4, 2, 3, 2, 1, 2, 0.2, 0.3),
    ([(0, 0, 5.0), (0, 0, 4.5), (1, 1, 1.0)], np.ones((3, 2)), np.ones((2, 2)), 4, 0.2, 0.05),
]

LOOP, ERROR = "for u, i, r in ratings:", "r - (mu + b[u] + c[i] + p[u] @ q[i])"
FROM_THE_START = {
    LOOP: f"b0, c0, p0, q0 = b.copy(), c.copy(), p.copy(), q.copy()\n        {LOOP}",
    ERROR: "r - (mu + b0[u] + c0[i] + p0[u] @ q0[i])",
    "reg * b[u]": "reg * b0[u]",
    "reg * c[i]": "reg * c0[i]",
    "p[u].copy()": "p0[u]",
    "e * q[i] -": "e * q0[i] -",
    "reg * q[i]": "reg * q0[i]",
}

SLIPS = {
    "q moves by the new p; keep a copy of the old row, p[u] is a view": edit(
        {"p[u].copy()": "p[u]"}
    ),
    "there are no biases": edit({"b[u] += lr": "b[u] += 0", "c[i] += lr": "c[i] += 0"}),
    "the biases are not pulled towards zero": edit({"reg * b[u]": "0", "reg * c[i]": "0"}),
    "the factors are not pulled towards zero": edit({"reg * old": "0", "reg * q[i]": "0"}),
    "nothing is pulled towards zero: reg is not used": first("reg = 0"),
    "all ratings of an epoch are judged by the values at its beginning; go one by one": edit(
        FROM_THE_START
    ),
    "there is no global mean": edit({"np.mean([r for _, _, r in ratings])": "0"}),
    "only one epoch is run": first("epochs = min(epochs, 1)"),
    "one epoch too many is run": first("epochs += 1"),
    "the error is counted twice: there is no 2 in these moves": edit({ERROR: f"2 * ({ERROR})"}),
    "the moves go the wrong way: mind the sign of the error": edit({ERROR: f"-({ERROR})"}),
    "what was not rated is trained as a 0": edit(
        {
            "mu = ": "unrated = {(u, i) for u in range(len(p)) for i in range(len(q))} - "
            "{(u, i) for u, i, _ in ratings}\n    mu = ",
            LOOP: "for u, i, r in ratings + [(u, i, 0) for u, i in sorted(unrated)]:",
        }
    ),
    "the predictions are clipped": returning("np.clip(result, 1, 5)"),
    "the predictions are rounded to stars": returning("np.round(result)"),
}

TASK = checked(
    "53.3",
    "Train biases and factors by SGD; return the predictions of all users for all items.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Copies of p and q, two vectors of zeros, the mean. Two loops: epochs, and ratings in "
        "their order. The table at the end is one line.",
        "p[u] is a view: it moves with the array. Take old = p[u].copy() before anything moves.",
        "e = r - (mu + b_u[u] + b_i[i] + p[u] @ q[i]); four moves, each `+= lr * (... - reg * "
        "own)`; then mu + b_u[:, None] + b_i + p @ q.T.",
    ),
    insight="An epoch costs ratings times factors, and nothing for the pairs that nobody rated.",
)
