"""Item-based collaborative filtering: who took this, also took that."""

from __future__ import annotations

import itertools

import numpy as np
from scipy import sparse

from course_utils.errors import CourseError

BLOCK = 1024
"""Products likened to all others at a time."""


def item_neighbours(taken: np.ndarray, k: int) -> np.ndarray:
    """Score each product by its likeness to what the user took (Sarwar et al. 2001).

    likeness(i, j) = |users of both| / sqrt(|users of i| |users of j|), the cosine of two
    columns of zeros and ones.

    score(u, j) = sum of likeness(i, j) over those of the k nearest of j that u took

    Args:
        taken: booleans, shape (users, products).
        k: neighbours of a product, 1 or more; all of them where k is their number or more.

    Returns:
        Scores, shape (users, products), nine decimals. A product is no neighbour of itself;
        of equally near ones the first by id are taken.

    Raises:
        CourseError: for k below 1, or fewer than two products.
    """
    columns = sparse.csr_matrix(taken.T, dtype=float)
    if k < 1 or columns.shape[0] < 2:
        raise CourseError(
            f"item_neighbours needs k of 1 or more and two products or more: got k = {k} and "
            f"{columns.shape[0]} products."
        )
    counts = taken.sum(axis=0).astype(float)
    near, likeness = [], []
    for start in range(0, len(counts), BLOCK):
        both = columns[start : start + BLOCK] @ columns.T
        both.sort_indices()
        for place, (low, high) in enumerate(itertools.pairwise(both.indptr), start=start):
            others = both.indices[low:high]
            # Whole numbers under one root: the same on every CPU, so equally near ones tie.
            alike = both.data[low:high] / np.sqrt(counts[place] * counts[others])
            alike[others == place] = 0.0
            best = _largest(alike, k)
            near.append(others[best])
            likeness.append(alike[best])
    ends = np.cumsum([0, *map(len, near)])
    shape = (len(counts), len(counts))
    nearest = sparse.csr_matrix((np.concatenate(likeness), np.concatenate(near), ends), shape)
    # Rounded, so that the last digit of a sum cannot order two products with equal scores.
    return np.round((columns.T @ nearest.T).toarray(), 9)


def _largest(values: np.ndarray, k: int) -> np.ndarray:
    """Places of the k largest, of equal ones the first; all where there are no more."""
    if len(values) <= k:
        return np.arange(len(values))
    # Sorting only what reaches the k-th largest is several times faster.
    reach = np.flatnonzero(values >= np.partition(values, -k)[-k])
    return reach[np.argsort(-values[reach], kind="stable")[:k]]
