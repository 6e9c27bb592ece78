"""Scale: six losses in six units, and one body too narrow to ignore it.

Six markets' purchases of the same products, described by d numbers x. Market k values them by

    f_k(x) = sum_j sign_kj tanh(q_kj . x),  q_kj of length ``gain``,   l_k = a f_k / deviation,

chance of label 1 = sigmoid(l_k). The report of market k is in its own currency: its loss is
multiplied by ``units(spread)[k]``, from 10^-spread to 1, and so are the gradients that the shared
body sees. All six markets count the same in the verdict. Nothing is hidden.

Why a weighting that learns should win at a large spread: six unknown factors are a search in five
dimensions, and eight trials of fixed weights hardly ever hit all of them. Uncertainty, GradNorm
and FAMO look at the losses or their gradients and adjust all six at once.

Why it should lose: at spread 0 equal weights are right, and what a weighting learns is noise.
And whoever divides each loss by what a constant prediction costs has undone the units by hand,
at any spread, without a trial: a learned weighting can at best tie with that.

Boundary, predicted: below spread 1 (a factor of 10) Adam's own scaling and the towers' own steps
hide the units, and equal weights do; above, the body serves the largest currencies alone.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, stream

NAME = "Scale"

TASKS = tuple(f"market {letter}" for letter in "ABCDEF")

DIALS = {"spread": (0.0, 4.0)}
"""Dial -> its least and greatest sensible value; it belongs to ``units``, not to ``make``."""


def units(spread: float) -> np.ndarray:
    """``[6]``: the factors of the losses, evenly spread over ``spread`` powers of ten."""
    return 10.0 ** (-spread * np.arange(len(TASKS)) / (len(TASKS) - 1))


def make(
    seed: int,
    n_train: int = 4_000,
    n_valid: int = 3_000,
    n_test: int = 8_000,
    numbers: int = 10,
    features: int = 3,
    strength: float = 2.5,
    gain: float = 2.25,
) -> Case:
    """The case of the equation above, whatever the units: labels do not know them.

    Args:
        numbers: d.
        features: tanh features of each market.
        strength: a.
    """
    draw, n = stream(seed, "scale"), n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, numbers)), 3)
    tastes = []
    for _ in TASKS:
        turn = draw.normal(size=(numbers, features))
        turn *= gain / np.linalg.norm(turn, axis=0)
        tastes.append(np.tanh(x @ turn) @ draw.choice([-1.0, 1.0], size=features))
    scores = centred(np.stack(tastes))
    chances = {task: chance(strength * f) for task, f in zip(TASKS, scores, strict=True)}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(numbers)]), n_train, n_valid)
