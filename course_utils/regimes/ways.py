"""Markets that look at a product from several sides: how far it lies from the usual one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens

TASKS = tuple(f"market {letter}" for letter in "ABCDEF")

WAYS = 8


def six_markets(
    draw: np.random.Generator,
    bases: np.ndarray,
    n_train: int,
    n_valid: int,
    n_test: int,
    numbers: int,
    strength: float,
) -> Case:
    """Six markets judge each product, each weighing all eight ways in its own manner.

    q_1 ... q_8 are orthonormal in d dimensions, and |q_j . x| says how far a product lies from
    the usual along one way: a unit that says it is |z| = relu(z) + relu(-z), two hidden units.

        l_k = bases_k + strength sum_j w_kj |q_j . x| / deviation,   w_1 ... w_6 orthonormal

    Args:
        bases: ``[6]``.
        numbers: d, 8 or more.
    """
    n = n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, numbers)), 3)
    along = np.abs(x @ np.linalg.qr(draw.normal(size=(numbers, numbers)))[0][:, :WAYS])
    weights = np.linalg.qr(draw.normal(size=(WAYS, WAYS)))[0][: len(TASKS)]
    logits = bases[:, None] + strength * centred(weights @ along.T)
    chances = {task: chance(of) for task, of in zip(TASKS, logits, strict=True)}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(numbers)]), n_train, n_valid)


def grid_for(n_train: int) -> dict[str, Sequence[Any]]:
    """Of every network here. An epoch has eight or twenty steps, however few rows there are."""
    return {
        "tower": ((),),
        "batch_size": (n_train // 20, n_train // 8),
        "patience": (10,),
        "dropout": (0.0,),
        "weight_decay": (0.0, 0.1),
        "embedding_l2": (0.0,),
    }
