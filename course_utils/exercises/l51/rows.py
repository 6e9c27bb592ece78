"""Rows with times: the inputs of task 51.4."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.l51.shared import Row


def _drawn(seed: int, sizes: dict[str, int]) -> list[Row]:
    """Rows of so many a user, in any order; one user rates a product twice."""
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    for at, (user, size) in enumerate(sizes.items()):
        # Times of two to four digits; a user's first may be later than another's last.
        times = draw.choice(900, size=size, replace=False) + 90 + 300 * (at % 3)
        for k, time in enumerate(times):
            product = f"p{draw.integers(30) if k else 0}"
            rows.append((user, product, float(draw.integers(1, 6)), int(time)))
    twice = rows[1]
    rows.append((*twice[:2], 6 - twice[2], 2000))
    return [rows[k] for k in draw.permutation(len(rows))]


def rows_to_hide() -> list[tuple[list[Row], int]]:
    """Rows and n: short ones to be shown, then users with fewer rows than n, n, one more, many."""
    sizes = {"a": 7, "007": 1, "7": 2, "00x": 3, "u9": 4, "b": 9}
    three: list[Row] = [("a", "7", 2.0, 300), ("a", "8", 5.0, 100), ("a", "9", 3.0, 200)]
    two: list[Row] = [("a", "7", 2.0, 950), ("b", "7", 4.0, 1000), ("a", "8", 5.0, 1000)]
    one_time: list[Row] = [("a", "7", 2.0, 100), ("a", "8", 3.0, 300), ("b", "8", 4.0, 300)]
    one_product: list[Row] = [("a", "7", float(one), one) for one in (1, 2, 4)]
    return [
        (three, 1),
        (three, 2),
        ([*two, ("b", "9", 1.0, 960)], 1),
        (three, 3),
        (two[:2], 1),
        ([*one_time, ("b", "9", 1.0, 400)], 1),
        (one_product, 1),
        ([("A", "7", 2.0, 10), ("a", "7", 3.0, 30), ("a ", "7", 4.0, 20), ("é", "7", 5.0, 4)], 1),
        ([("a", "7", 5.0, 2**32 + 5), ("a", "8", 1.0, 2**32 + 4), ("a", "9", 3.0, 70)], 1),
        (three[:1], 1),
        ([], 1),
        (_drawn(517, sizes), 1),
        (_drawn(518, sizes), 2),
        (_drawn(519, sizes), 3),
        (_drawn(520, sizes), 100),
    ]
