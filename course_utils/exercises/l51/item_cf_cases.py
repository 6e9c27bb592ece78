"""The inputs of task 51.9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from course_utils.exercises.l51.rows import SEPARATORS

Baskets = dict[str, set[str]]
Case = tuple[Baskets, str, int]
CASES: list[Case] = [
    ({"a": {"tea", "cup"}, "b": {"tea"}, "c": {"cup", "pot"}}, "b", 2),
    ({"a": {"7", "007"}, "b": {"7"}, "c": {"007", "50"}, "d": {"007"}, "e": {"50", "7"}}, "b", 1),
    ({"a": {"tea"}, "b": {"cup"}}, "a", 3),
    ({"a": {"tea", "cup"}, "b": {"cup"}}, "a", 1),
    ({"a": set(), "b": {"tea", "cup"}}, "a", 2),
    ({"a": {"tea"}}, "a", 2),
]

ALL = 10
"""More than any case has products to show."""


SEEDS = [547, 4028, 2087, 1161, 3140, 38, 3786, 701, 2547, 1647, 3333, 3006, 203, 520, 3481, 245]
SEEDS += [1003, 1335, 2106, 1532, 1587, 2405, 3206, 1482, 3473, 982, 4166, 3892]
"""Chosen among 5,000: no two mistakes of those below give the same lists for all of these cases,
but for kinds of one mistake, the similarity of users."""


def _draw(seed: int) -> Case:
    """Baskets small enough to be read in a message; every odd seed has room for all products."""
    draw = np.random.default_rng(seed)
    ids = ["7", "007", "B12", "p-7", "50", "0x1"]
    users = ["u", "0042", "42", "x-9", "1001", "b", "7", "c"][: draw.integers(4, 9)]
    baskets = {
        user: {str(one) for one in draw.permutation(ids)[: draw.integers(1, 5)]} for user in users
    }
    n = ALL if seed % 2 else int(draw.integers(1, 4))
    return baskets, users[draw.integers(len(users))], n


def _in_between() -> Case:
    """z is like both products bought, x and y more like one of them and less like the other.

    The sum puts z first, the largest similarity last; one product bought alone in the middle.
    """
    sets = [{"A", "B"}, *[{"A", "x"}] * 3, {"B", "x"}, {"A", "y"}, *[{"B", "y"}] * 3]
    sets += [{"A", "B", "z"}] * 2
    return {f"u{k}": set(one) for k, one in enumerate(sets)}, "u0", ALL


def _baskets(buyers: Mapping[str, Iterable[int]]) -> Baskets:
    baskets: Baskets = {}
    for product, users in buyers.items():
        for user in users:
            baskets.setdefault(str(user), set()).add(product)
    return baskets


def _many_users() -> Case:
    """400 users: counts and their products overflow integers of 8 and of 16 bits.

    The best is A's neighbour B (270 of 280 users have A), then C (120 of 220).
    """
    buyers = {"A": range(300), "B": [*range(1, 271), *range(300, 310)], "C": range(180, 400)}
    return _baskets(buyers), "0", 2


def _near_ties() -> Case:
    """Four similarities that differ in the fifth decimal: who rounds them ties them."""
    counts = {"m": (222, 283), "b": (201, 232), "z": (179, 184), "k": (214, 263)}
    buyers = {"A": [*range(300)]}
    for product, (both, every) in counts.items():
        buyers[product] = [*range(1, both + 1), *range(300, 300 + every - both)]
    return _baskets(buyers), "0", ALL


def _many_bought() -> Case:
    """u bought twelve products. The similarities of n to all of them add up to more than those of
    m to five, but no ten of n's do."""
    bought = [f"o{k}" for k in range(12)]
    baskets = {f"x{k}": {one, "n"} for k, one in enumerate(bought)}
    return {"u": {*bought}, **baskets, "y": {*bought[:5], "m"}, "z": {"m"}}, "u", ALL


def joined_ids() -> Case:
    """Nobody bought anything together with u; who joins two ids to one text counts other pairs."""
    baskets: Baskets = {"u": {f"b{one}c" for one in SEPARATORS}, "y": {"a"}}
    baskets |= {f"x{k}": {f"a{one}b", "c"} for k, one in enumerate(SEPARATORS)}
    return baskets, "u", ALL


def item_cf_cases() -> list[Case]:
    large = [_many_users(), _near_ties(), _many_bought(), joined_ids()]
    return [*CASES, *map(_draw, SEEDS), _in_between(), *large]
