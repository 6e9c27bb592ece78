"""Capacity: tasks that ask for more of the body than it has.

Products have d = 8 numbers x; q_1 ... q_8 are orthonormal, and |q_j . x| says how far a product
lies from the usual along one of eight ways. Each of six markets weighs all eight,

    l_k = a sum_j w_kj |q_j . x| / deviation,    w_1 ... w_6 orthonormal

chance of label 1 = sigmoid(l_k). A way needs two units, |z| = relu(z) + relu(-z): sixteen serve
all six markets. Nothing is hidden.

Why width should win: with fewer than 16 units something must be given up, and a balancing method
only chooses whose. A wider body gives up nothing, and learns the ways from six times as many
labels as a network a market does. Single numbers say nothing (l is even), squares and products
say much but not all, and trees cut along the numbers, not along q.

Why it should lose: what a unit learns costs rows. With ``n_train`` of a few hundred a body of 64
units fits noise, and squares and products in a logistic regression, 44 weights, are the better
prior.

Boundary, predicted: the gain of width over a narrow body with any balancing ends at 16 units; that
over the logistic regression with squares begins where six labels a row outnumber the weights of
16 units, (d + 1 + 6) 16 = 240, by ten times: at 400 rows.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, stream

NAME = "Capacity"

TASKS = tuple(f"market {letter}" for letter in "ABCDEF")

WAYS = 8

DIALS = {"n_train": (50, 10_000)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    n_train: int = 2_000,
    n_valid: int = 2_000,
    n_test: int = 8_000,
    strength: float = 2.5,
) -> Case:
    """The case of the equation above.

    Args:
        n_train: with fewer rows, width costs more than it gives.
        strength: a.
    """
    draw, n = stream(seed, "capacity"), n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, WAYS)), 3)
    along = np.abs(x @ np.linalg.qr(draw.normal(size=(WAYS, WAYS)))[0])
    weights = np.linalg.qr(draw.normal(size=(WAYS, WAYS)))[0][: len(TASKS)]
    scores = centred(weights @ along.T)
    chances = {task: chance(strength * f) for task, f in zip(TASKS, scores, strict=True)}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(WAYS)]), n_train, n_valid)
