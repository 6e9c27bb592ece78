"""How alike products are by who took them, with shrinkage where few took both."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from course_utils.errors import CourseError


def item_similarity(taken: np.ndarray, shrinkage: float = 0.0) -> np.ndarray:
    """The cosine of all pairs of products, shrunk as Koren (2008) shrinks correlations.

    With n_ij the users of both i and j, and n_i those of i,

        similarity(i, j) = n_ij / sqrt(n_i n_j) * n_ij / (n_ij + shrinkage)

    Args:
        taken: booleans, shape (users, products).
        shrinkage: a number of users, 0 or more; 0 is the plain cosine.

    Returns:
        Shape (products, products); 0 where nobody took both, and on the diagonal.

    Raises:
        CourseError: for a shrinkage below 0.
    """
    if shrinkage < 0:
        raise CourseError(f"item_similarity needs a shrinkage of 0 or more, got {shrinkage}.")
    columns = sparse.csr_matrix(taken.T, dtype=float)
    both = (columns @ columns.T).tocoo()
    counts = taken.sum(axis=0).astype(float)
    # Whole numbers under one root: the same on every CPU.
    cosine = both.data / np.sqrt(counts[both.row] * counts[both.col])
    table = np.zeros(both.shape)
    table[both.row, both.col] = cosine * both.data / (both.data + shrinkage)
    np.fill_diagonal(table, 0.0)
    return table
