"""Capacity: tasks that ask for more of the body than it has.

Products have d numbers x; q_1, q_2, ... are orthonormal, two for each of four markets.

    l_k = a (|q_2k . x| - |q_2k+1 . x|) / deviation,    chance of label 1 = sigmoid(l_k)

Each market needs two units a direction, so four of its own: |z| = relu(z) + relu(-z). Sixteen
serve all four markets. Nothing is hidden.

Why width should win: with fewer than 16 units something must be given up, and a balancing method
only chooses whose. A wider body gives up nothing. Single numbers say nothing (l is even), squares
say much but not all, and trees cut along the numbers, not along q.

Why it should lose: what a unit learns costs rows. With ``n_train`` of a few hundred a body of 256
units fits noise, and squares in a logistic regression, 45 weights, are the better prior.

Boundary, predicted: the gain of width over a narrow body with any balancing ends at 16 units; that
over the logistic regression with squares begins where rows outnumber the weights of 16 units,
(d + 1 + 4) 16 = 200, by ten times.
"""

from __future__ import annotations

import numpy as np

from course_utils.regimes.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, stream

NAME = "Capacity"

TASKS = ("market A", "market B", "market C", "market D")

DIALS = {"n_train": (200, 10_000)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    n_train: int = 6_000,
    n_valid: int = 3_000,
    n_test: int = 8_000,
    strength: float = 2.5,
) -> Case:
    """The case of the equation above, with d = 8.

    Args:
        n_train: with fewer rows, width costs more than it gives.
        strength: a.
    """
    draw, n, d = stream(seed, "capacity"), n_train + n_valid + n_test, 2 * len(TASKS)
    x = np.round(draw.normal(size=(n, d)), 3)
    along = np.abs(x @ np.linalg.qr(draw.normal(size=(d, d)))[0])
    scores = centred((along[:, ::2] - along[:, 1::2]).T)
    chances = {task: chance(strength * f) for task, f in zip(TASKS, scores, strict=True)}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(d)]), n_train, n_valid)
