"""Rows to train on: the inputs of task 51.3."""

from __future__ import annotations

import numpy as np

Rows = list[tuple[str, str, float]]
Case = tuple[Rows, str, list[str], int]


def _history() -> tuple[Rows, list[str]]:
    """Rows of 90 products and a shuffled list of most of them.

    Most products have one row: if it is missed, the product has no score of its own. User 1001
    praises everything, user 1004 nothing. One row stands twice, one pair is rated twice. Six
    products are called as the users are: whoever exchanges the two meets known ids.
    """
    draw = np.random.default_rng(513)
    fixed = {"1001": 5.0, "1004": 1.0}
    users = [str(1001 + at) for at in range(6)]
    names = [*(str(1 + number) for number in range(84)), *users]
    rows = []
    for number, name in enumerate(names):
        user = users[number % 6]
        rows.append((user, name, fixed.get(user, float(draw.integers(1, 6)))))
    rows += [rows[2], (*rows[4][:2], 6 - rows[4][2])]
    listed = [names[one] for one in draw.permutation(90)[:80]]
    return rows, [*listed[:40], listed[7], *listed[40:]]


SEEDS = [("1002", 1), ("1002", 2), ("1001", 1), ("1004", 7), ("1003", 0)]


def large_cases() -> list[Case]:
    """One history, several users and seeds."""
    rows, products = _history()
    return [(rows, user, products, seed) for user, seed in SEEDS]


FEW: Rows = [("u-9", "p-7", 4.0), ("00x1", "é", 2.5), ("u-9", "007", 1.0)]
NEAR: Rows = [("a", "7", 5.0), ("a", "007", 1.0), ("A", "7", 4.0), ("a", "NA", 5.0)]
SMALL: list[Case] = [
    (FEW[:1], "u-9", ["p-7"], 1),
    (FEW, "u-9", ["007", "é", "p-7"], 1),
    (NEAR, "a", ["7", "007", "NA"], 0),
]
"""A single row and few, with letters in the ids and a seed that was used before; then ids that
are one if read as numbers or without capitals, and one that is missing to a reader of tables."""
