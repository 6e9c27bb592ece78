"""Task 53.3: matrix factorisation with biases by stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold


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


EXAMPLE: Case = (
    [(0, 0, 5), (0, 1, 3)],
    np.array([[0.5]]),
    np.array([[1.0], [2.0]]),
    1,
    0.1,
    0.0,
)
CASES: list[Case] = [
    EXAMPLE,
    ([(0, 0, 5), (0, 1, 2)], np.array([[0.5]]), np.array([[1.0], [-1.0]]), 1, 0.1, 0.2),
    _case(1, 3, 4, 2, 6, 2, 0.05, 0.1),
    _case(2, 4, 3, 1, 5, 3, 0.1, 0.0),
    _case(3, 2, 2, 3, 4, 0, 0.1, 0.2),
    _case(4, 2, 3, 2, 1, 2, 0.2, 0.3),
    ([(0, 0, 5.0), (0, 0, 4.5), (1, 1, 1.0)], np.ones((3, 2)), np.ones((2, 2)), 4, 0.2, 0.05),
]


def by(
    rate_b: float = 1.0,
    pull_b: float = 1.0,
    pull: float = 1.0,
    order: str = "at once",
    mean: Callable[[Any], float] = lambda r: float(np.mean(r)),
    epochs: Callable[[int], int] = lambda n: n,
    factor: float = 1.0,
    zeros: bool = False,
    said: Callable[[Any], Any] = lambda table: table,
) -> Callable[..., np.ndarray]:
    """The table of predictions; right as it stands."""

    def fit(ratings: Any, p: Any, q: Any, n: int, lr: float, reg: float) -> np.ndarray:
        p, q, mu = p.astype(float), q.astype(float), mean([r for _, _, r in ratings])
        bu, bi = np.zeros(len(p)), np.zeros(len(q))
        rows = list(ratings)
        if zeros:
            seen = {(u, i) for u, i, _ in rows}
            rows += [(u, i, 0) for u in range(len(p)) for i in range(len(q)) if (u, i) not in seen]
        for _ in range(epochs(n)):
            start = (bu.copy(), bi.copy(), p.copy(), q.copy())
            for u, i, r in rows:
                a, b, c, d = start if order == "batch" else (bu, bi, p, q)
                e = factor * (r - (mu + a[u] + b[i] + c[u] @ d[i]))
                bu[u] += rate_b * lr * (e - pull_b * reg * a[u])
                bi[i] += rate_b * lr * (e - pull_b * reg * b[i])
                old_p, old_q = c[u].copy(), d[i].copy()
                p[u] += lr * (e * old_q - pull * reg * old_p)
                q[i] += lr * (e * (p[u] if order == "p first" else old_p) - pull * reg * old_q)
        return np.asarray(said(mu + bu[:, None] + bi[None, :] + p @ q.T))

    return fit


right_mf = by()

MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "q moves by the new p; keep a copy of the old row, p[u] is a view": by(order="p first"),
    "there are no biases": by(rate_b=0.0),
    "the biases are not pulled towards zero": by(pull_b=0.0),
    "the factors are not pulled towards zero": by(pull=0.0),
    "nothing is pulled towards zero: reg is not used": by(pull_b=0.0, pull=0.0),
    "all ratings of an epoch are judged by the values at its beginning; go one by one": by(
        order="batch"
    ),
    "there is no global mean": by(mean=lambda r: 0.0),
    "only one epoch is run": by(epochs=lambda n: min(n, 1)),
    "one epoch too many is run": by(epochs=lambda n: n + 1),
    "the error is counted twice: there is no 2 in these moves": by(factor=2.0),
    "the moves go the wrong way: mind the sign of the error": by(factor=-1.0),
    "what was not rated is trained as a 0": by(zeros=True),
    "the predictions are clipped": by(said=lambda table: np.clip(table, 1, 5)),
    "the predictions are rounded to stars": by(said=np.round),
}


def check_mf(answer: Any) -> None:
    hold(answer, ("ratings", "p", "q", "epochs", "lr", "reg"), CASES, right_mf, MISTAKES)


TASK = Task(
    id="53.3",
    prompt="Train biases and factors by SGD; return the predictions of all users for all items.",
    check_answer=check_mf,
    hints=(
        "Copies of p and q, two vectors of zeros, the mean. Two loops: epochs, and ratings in "
        "their "
        "order. The table at the end is one line.",
        "p[u] is a view: it moves with the array. Take old = p[u].copy() before anything moves.",
        "e = r - (mu + b_u[u] + b_i[i] + p[u] @ q[i]); four moves, each `+= lr * (... - reg * "
        "own)`; "
        "then mu + b_u[:, None] + b_i + p @ q.T.",
    ),
    insight="An epoch costs ratings times factors, and nothing for the pairs that nobody rated.",
)
