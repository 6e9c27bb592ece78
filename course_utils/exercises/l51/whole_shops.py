"""The inputs of task 51.2: files, the users asked for, and what is right for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from surprise import SVD

from course_utils.exercises.l51.shared import Row
from course_utils.exercises.l51.whole_training import latest_of_pair, model_of

Lists = dict[str, list[str]]


@dataclass(frozen=True)
class Shop:
    """One file, the users asked for, and what is right for them.

    Attributes:
        name: what the messages call the file.
        rows: its rows, in its order.
        users: the ids asked for.
        n: how many products for each.
    """

    name: str
    rows: list[Row]
    users: list[str]
    n: int

    @property
    def known(self) -> list[str]:
        return [user for user in self.users if user in self.rated]

    @property
    def unknown(self) -> list[str]:
        return [user for user in self.users if user not in self.rated]

    @cached_property
    def rated(self) -> dict[str, set[str]]:
        """User -> products, of all users of the file."""
        baskets: dict[str, set[str]] = {}
        for user, product, *_ in self.rows:
            baskets.setdefault(user, set()).add(product)
        return baskets

    @cached_property
    def counts(self) -> Counter[str]:
        """Product -> how many users rated it."""
        return Counter(product for basket in self.rated.values() for product in basket)

    @cached_property
    def algo(self) -> SVD:
        return model_of(latest_of_pair(self.rows))

    @cached_property
    def right(self) -> dict[str, dict[str, float]]:
        """User -> product -> score, for the users asked for."""
        return {user: self.scores_by(self.algo, user) for user in self.users}

    def scores(self, user: str) -> dict[str, float]:
        """Product -> score, of all products that the user has not rated."""
        return self.right[user]

    def scores_by(self, algo: SVD, user: str) -> dict[str, float]:
        """The same by another model."""
        left = [one for one in self.counts if one not in self.rated.get(user, set())]
        return {one: float(algo.predict(user, one, clip=False).est) for one in left}

    def own_scores(self, user: str) -> dict[str, float]:
        """Of the products that the user has rated."""
        rated = self.rated.get(user, set())
        return {one: float(self.algo.predict(user, one, clip=False).est) for one in rated}


FIRST_TIME = 95 * 10**7
"""Times run from here through 10**9, where they get one digit more."""


def _drawn(seed: int, users: list[str], products: list[str]) -> list[Row]:
    """120 rows in any order, no two at one time: 96 pairs, the first 24 rated once more.

    The first user and the last third of the products are praised: scores above 5. What is
    rated twice gets another opinion, not always later in the file.
    """
    draw = np.random.default_rng(seed)
    pairs = [(user, product) for user in users[1:] for product in products]
    chosen = [pairs[k] for k in draw.permutation(len(pairs))[:80]]
    chosen += [(users[0], products[k]) for k in draw.permutation(len(products))[:16]]
    rated = []
    for user, product in [*chosen, *chosen[:24]]:
        praised = user == users[0] or product in products[-len(products) // 3 :]
        rated.append((user, product, 5.0 if praised else float(draw.integers(1, 5))))
    for at in range(96, 120):
        user, product, _ = rated[at]
        rated[at] = (user, product, float(draw.integers(1, 6)))
    times = draw.choice(10**8, size=len(rated), replace=False) + FIRST_TIME
    rows = [(*row, int(time)) for row, time in zip(rated, times, strict=True)]
    return [rows[k] for k in draw.permutation(len(rows))]


DIGITS = [f"{number:04d}" for number in (1001, 42, 1003, 77, 1250, 3007, 9, 1600)]
NUMBERED = [f"{number:05d}" for number in range(700, 1000, 10)]
NAMED = [*(f"p-{k}" for k in range(18)), *(f"B{k}x" for k in range(6))]
LETTERS = ["u-9", "00x1", "0815", "815", "a", "B-2", "u-10"]
ASKERS = [f"u-{k}" for k in range(8)]


def _one_at_a_time() -> Shop:
    """80 products have one row, half of them praised: whoever misses it cannot rank them."""
    draw = np.random.default_rng(5124)
    raters = [f"r{k}" for k in range(8)]
    rows = [(raters[k // 2 % 8], f"s{k}", 5.0 if k % 2 else 1.0) for k in range(80)]
    rows += [
        (user, f"t{k}", float(1 + (k + at) % 5)) for at, user in enumerate(ASKERS) for k in range(5)
    ]
    times = draw.choice(10**8, size=len(rows), replace=False) + FIRST_TIME
    timed = [(*row, int(time)) for row, time in zip(rows, times, strict=True)]
    return Shop("most products rated once", timed, ASKERS, 500)


@cache
def shops() -> list[Shop]:
    """Drawn and trained once; an answer sees copies."""
    digits = _drawn(5121, DIGITS, NUMBERED)
    letters = _drawn(5122, LETTERS, NAMED)
    asked = ["1003", "0042", "1001", "55512", "42", "0009"]
    return [
        Shop("ids of digits", digits, asked, 100),
        Shop("ids of digits", digits, asked, 4),
        Shop("ids with letters", letters, ["u-9", "815", "9", "B-2"], 7),
        _one_at_a_time(),
        Shop("odd ids", _odd_rows(), ["NA", "a", "a_b", "01", "q", " q", "None", "a-b", "1"], 30),
        Shop("a user who rated all", [*letters, *_all_of("c", letters)], ["c", "d", "a"], 3),
    ]


def _all_of(user: str, rows: list[Row]) -> list[Row]:
    products = dict.fromkeys(row[1] for row in rows)
    return [(user, product, 4.0, 9 * 10**8 + k) for k, product in enumerate(products)]


def _odd_rows() -> list[Row]:
    """Ids that are read as missing or as numbers, and pairs that give one text when joined.

    Half stars, and times that only half fit in 32 bits.
    """
    users, products = (
        ["NA", "1", "01", "1.0", "q", "Q", " q"],
        ["nan", "null", "7", "07", "é7", "b 1", "x"],
    )
    pairs = [(user, one) for k, user in enumerate(users) for one in (products * 2)[k : k + 3]]
    for by in ("_", "-", "|", " ", ":", ""):
        pairs += [(f"a{by}b", "c"), ("a", f"b{by}c")]
    pairs += pairs[:6]  # rated once more, earlier or later
    times = 2**31 - 20 + np.random.default_rng(5125).permutation(len(pairs))
    return [(*pair, 1 + k % 9 / 2, int(times[k])) for k, pair in enumerate(pairs)]


ONCE = 3
"""Place of the file with most products rated once."""


ONE_ROW = Shop("one row", [("7", "007", 4.0, 1600000000)], ["7", "b"], 2)
