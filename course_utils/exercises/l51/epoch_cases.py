"""The inputs of task 51.3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from surprise import SVD

from course_utils.exercises.l51.shared import data_of

Ratings = Sequence[tuple[int, int, float]]
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class Case(NamedTuple):
    """The inputs of one call."""

    ratings: Ratings
    mean: float
    bu: np.ndarray
    bi: np.ndarray
    pu: np.ndarray
    qi: np.ndarray
    lr: float
    reg: float

    @property
    def start(self) -> Arrays:
        return self.bu, self.bi, self.pu, self.qi


def _case(
    ratings: Ratings,
    shape: tuple[int, int, int],
    lr: float,
    reg: float,
    seed: int,
    mean: float = 3.25,
) -> Case:
    """A start drawn for so many users, products and factors."""
    draw = np.random.default_rng(seed)
    users, products, factors = shape
    bu, bi = draw.normal(0, 0.4, users), draw.normal(0, 0.4, products)
    pu, qi = draw.normal(0, 0.8, (users, factors)), draw.normal(0, 0.8, (products, factors))
    return Case(ratings, mean, bu, bi, pu, qi, lr, reg)


SEEN = [(0, 4, 5.0), (3, 0, 2.0), (0, 1, 4.0), (3, 4, 1.0), (2, 1, 3.5), (2, 3, 4.5)]
"""Of 4 users and 5 products; user 1 and product 2 are in no rating."""


def drawn_cases() -> list[Case]:
    """One rating and none, repeats, far outside the scale, without reg; the first three have as
    many users as products."""
    high = _case([(1, 0, 5.0), (0, 0, 1.0), (1, 1, 2.0)], (2, 2, 2), 0.03, 0.2, 545, mean=4.75)
    high.bu[1], high.bi[0], high.bi[1] = 0.9, 0.8, -5.5
    repeats = [(1, 2, 5.0), (0, 1, 2.0), (1, 2, 1.0), (2, 1, 4.0), (1, 0, 3.0)]
    return [
        _case([(0, 1, 5.0)], (2, 2, 2), 0.1, 0.3, 540),
        _case(repeats, (3, 3, 2), 0.2, 0.15, 614),
        high,
        _case(SEEN, (4, 5, 3), 0.1, 0.0, 573),
        _case([], (2, 3, 2), 0.1, 0.3, 543),
        _case([*SEEN[::-1], SEEN[2]], (4, 5, 1), 0.07, 0.4, 544),
    ]


SQUARE = 3
"""So many cases have as many users as products; mixing the two up runs through there."""


WITHOUT_REG = 3
"""Place of the case where only an invented rating can move what nobody rated."""


def surprise_case() -> tuple[Case, Arrays]:
    """One epoch of Surprise's own SVD, and the start that it drew."""
    draw = np.random.default_rng(549)
    pairs = [(u, i) for u in range(5) for i in range(6)]
    chosen = draw.permutation(len(pairs))[:16]
    rows = [(f"u{pairs[k][0]}", f"p{pairs[k][1]}", float(draw.integers(1, 6))) for k in chosen]
    algo = SVD(n_factors=4, n_epochs=1, random_state=7, lr_all=0.05, reg_all=0.1)
    algo.fit(data_of(rows).build_full_trainset())
    trainset = algo.trainset
    start = np.random.RandomState(7)
    pu = start.normal(0, 0.1, (trainset.n_users, 4))
    qi = start.normal(0, 0.1, (trainset.n_items, 4))
    zeros = np.zeros(trainset.n_users), np.zeros(trainset.n_items)
    ratings = [(int(u), int(i), float(r)) for u, i, r in trainset.all_ratings()]
    case = Case(ratings, float(trainset.global_mean), *zeros, pu, qi, 0.05, 0.1)
    return case, (algo.bu, algo.bi, algo.pu, algo.qi)
