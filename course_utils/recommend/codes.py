"""Semantic IDs: a product's content vector as a few codes, by k-means on what is left over."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from course_utils.errors import CourseError


class ResidualCodes:
    """Residual k-means: each level clusters what the levels before it have left.

    With r_0 = x, level l has centres e_l1 ... e_lK and
    c_l = argmin_k |r_(l-1) - e_lk|, r_l = r_(l-1) - e_(l, c_l); the id is (c_1, ..., c_L), and the
    sum of its centres is the vector as the id tells it. OneRec and TorchEasyRec fit their
    levels by k-means, TIGER trains them together with an encoder (RQ-VAE).

    Args:
        levels: how many codes an id has.
        size: centres of a level.
        seed: of the centres' start.
    """

    def __init__(self, levels: int = 3, size: int = 16, seed: int = 0) -> None:
        if levels < 1 or size < 1:
            raise CourseError(
                f"ResidualCodes needs levels and size of 1 or more, got {levels}, {size}."
            )
        self.levels, self.size, self.seed = levels, size, seed
        self.centres: list[np.ndarray] = []

    def fit(self, vectors: np.ndarray) -> ResidualCodes:
        """Place the centres of every level.

        Raises:
            CourseError: if there are fewer vectors than centres of a level.
        """
        if len(vectors) < self.size:
            raise CourseError(
                f"{len(vectors)} vectors are fewer than the {self.size} centres of a level."
            )
        self.centres, rest = [], np.asarray(vectors, dtype=float)
        for level in range(self.levels):
            means = KMeans(self.size, n_init=4, random_state=self.seed + level).fit(rest)
            self.centres.append(means.cluster_centers_)
            rest = rest - self.centres[-1][_nearest(rest, self.centres[-1])]
        return self

    def codes(self, vectors: np.ndarray) -> np.ndarray:
        """The id of each vector, ``[n, levels]``, also of vectors that were not fitted."""
        found, rest = [], np.asarray(vectors, dtype=float)
        for centres in self.centres:
            found.append(_nearest(rest, centres))
            rest = rest - centres[found[-1]]
        return np.stack(found, axis=1)

    def told(self, codes: np.ndarray) -> np.ndarray:
        """The vectors as their ids tell them: the sums of their centres, ``[n, d]``."""
        return np.sum([one[codes[:, at]] for at, one in enumerate(self.centres)], axis=0)


def _nearest(vectors: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centre of each vector, of equally near ones the first."""
    apart = (centres**2).sum(axis=1) - 2 * vectors @ centres.T
    return apart.argmin(axis=1)
