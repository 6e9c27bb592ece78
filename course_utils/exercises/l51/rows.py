"""Rows with times: the inputs of tasks 51.6 and 51.7."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.l51.shared import Row

SEPARATORS = ("", "_", "-", "|", " ", ":", ".", "/", ";", ",", ", ", "\t", "__", "::", "||", "->")
"""By which two ids may be joined to one text."""


def _care_with_keys() -> list[Row]:
    """No pair stands twice, but for who joins two ids, drops zeros, capitals, spaces or accents."""
    rows: list[Row] = []
    for at, one in enumerate(SEPARATORS[1:]):
        rows += [(f"a{one}b", "c", 2.0, 9 + at), ("a", f"b{one}c", 4.0, 9 + at)]
    ids = ["q", "Q", " q", "q ", "é", "e", "e\u0301", "1", "1.0", "01", "１", ""]
    return [*rows, *((one, "z", 3.0, 5) for one in ids), *(("z", one, 3.0, 5) for one in ids)]


def repeated_rows() -> list[list[Row]]:
    """Short ones to be shown, three that need care with keys, and one drawn."""
    draw = np.random.default_rng(516)
    users, products = ["a", "00a", "7", "12", "1"], ["7", "a", "007", "3", "23"]
    drawn = [
        (
            users[draw.integers(5)],
            products[draw.integers(5)],
            float(draw.integers(2, 11)) / 2,
            int(draw.integers(0, 12)) * 10,
        )
        for _ in range(60)
    ]
    return [
        [("a", "7", 2.0, 100), ("a", "7", 5.0, 50)],
        [("a", "7", 5.0, 50), ("a", "7", 2.0, 100)],
        [("a", "7", 4.5, 60), ("a", "7", 1.0, 60)],
        [("a", "7", 1.0, 60), ("b", "7", 3.0, 10), ("a", "7", 4.5, 60)],
        [("a", "7", 4.0, 950), ("a", "7", 3.0, 1000), ("a", "7", 3.5, 0)],
        [("a", "7", 4.0, 60), ("a", "7", 4.0, 60)],
        [("a", "7", 4.0, 60), ("7", "a", 2.0, 60)],
        [("12", "3", 4.0, 60), ("1", "23", 2.0, 70), ("12", "03", 1.0, 80)],
        [("a", "7", 4.0, 60), ("a", "8", 4.0, 70), ("b", "7", 4.0, 80)],
        [("a", "7", 4.0, 60)],
        [],
        [("a", "7", 2.0, 2**32 + 3), ("a", "7", 4.0, 2**32 + 2), ("a", "7", 3.0, 40)],
        [("a", "7", 4.0, 0), ("a", "7", 2.0, 0), ("b", "7", 1.0, 0)],
        [("a_b", "c", 4.0, 60), ("a", "b_c", 2.0, 70)],
        _care_with_keys(),
        drawn,
    ]


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
