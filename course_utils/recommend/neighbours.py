"""Item-based collaborative filtering: who took this, also took that."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn import config_context
from sklearn.neighbors import NearestNeighbors

from course_utils.errors import CourseError


def item_neighbours(taken: np.ndarray, k: int) -> np.ndarray:
    """Score each product by its likeness to what the user took (Sarwar et al. 2001).

    likeness(i, j) = |users of both| / sqrt(|users of i| |users of j|), the cosine of two
    columns of zeros and ones.

    score(u, j) = sum of likeness(i, j) over those of the k nearest of j that u took

    Args:
        taken: booleans, shape (users, products).
        k: neighbours of a product, 1 or more; all of them where k is their number or more.

    Returns:
        Scores, shape (users, products). A product is no neighbour of itself.

    Raises:
        CourseError: for k below 1, or fewer than two products.
    """
    columns = sparse.csr_matrix(taken.T, dtype=float)
    if k < 1 or columns.shape[0] < 2:
        raise CourseError(
            f"item_neighbours needs k of 1 or more and two products or more: got k = {k} and "
            f"{columns.shape[0]} products."
        )
    k = min(k, columns.shape[0] - 1)
    # Without an argument, a column's own row is not among its neighbours.
    near = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(columns)
    # In small pieces: the whole table of likeness would be hundreds of megabytes, and slower.
    with config_context(working_memory=32):
        likeness = near.kneighbors_graph(mode="distance")
    likeness.data = 1.0 - likeness.data
    return (columns.T @ likeness.T).toarray()
