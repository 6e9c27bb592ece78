"""PLE: ten markets that share one taste and have one each of their own.

Three columns of a customer and a product, each value with four hidden traits for each taste; e(x)
is the twelve traits of a row.

    taste = tanh(A e(x)) . w, three features, standardised: S for all, psi_t for market t
    l_t = a (c S + sqrt(1 - c^2) psi_t) + base,     chance of label 1 = sigmoid(l_t)

Every market has labels on every row. Nothing is hidden.

Why it should win at c = .65, where both parts weigh about the same: S has ten times as many
labels as any psi_t. A network a market learns S from a tenth of them; one shared body carries
ten private tastes through the same units, where each market's gradient disturbs the others; own
experts beside shared ones have a place for each part.

Why it should lose at c = .95: private experts, 91 % of all, have hardly anything to learn, and
Shared-Bottom spends all its units on S. At c = .3 little is worth sharing, and the network a
market, tuned for itself, is ahead.

Boundary, predicted: winners change where the private part weighs a quarter (c = .87) and where
the shared one does (c = .5).
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream

NAME = "PLE"

TASKS = tuple(f"market {letter}" for letter in "ABCDEFGHIJ")

COLUMNS = ("customer", "category", "brand")

DIALS = {"c": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value."""

TRAITS, FEATURES, GAIN = 4, 3, 2.5


def make(
    seed: int,
    c: float = 0.65,
    values: int = 20,
    n_train: int = 10_000,
    n_valid: int = 4_000,
    n_test: int = 8_000,
    strength: float = 2.0,
    base: float = -1.0,
) -> Case:
    """The case of the equation above.

    Args:
        c: weight of the shared taste.
        values: of each column.
        strength: a.
    """
    draw, n = stream(seed, "ple"), n_train + n_valid + n_test
    codes = draw.integers(values, size=(n, len(COLUMNS)))
    shared = _taste(draw, codes, values)
    scores = {
        task: c * shared + np.sqrt(1.0 - c**2) * _taste(draw, codes, values) for task in TASKS
    }
    chances = {task: chance(base + strength * score) for task, score in scores.items()}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(codes, np.zeros((n, 0)), chances, labels, masks={})
    return rows.cut(columns_of(dict.fromkeys(COLUMNS, values)), n_train, n_valid)


def _taste(draw: np.random.Generator, codes: np.ndarray, values: int) -> np.ndarray:
    """``[n]``: one nonlinear function of a row's hidden traits, mean 0, deviation 1."""
    width = len(COLUMNS) * TRAITS
    traits = draw.normal(size=(len(COLUMNS), values, TRAITS))
    row = np.concatenate([traits[k, codes[:, k]] for k in range(len(COLUMNS))], axis=1)
    mixed = np.tanh(row @ draw.normal(size=(width, FEATURES)) * (GAIN / np.sqrt(width)))
    taste = mixed @ draw.normal(size=FEATURES)
    return np.asarray((taste - taste.mean()) / taste.std())
