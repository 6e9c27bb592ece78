"""Lengths and angles of the gradients, out of the Gramian alone."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls


def lengths(gramian: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n ``[K]``, 1/n ``[K]`` and the cosines ``[K, K]``: G = diag(n) C diag(n).

    Working on C and n, not on G, keeps tasks of very different scale apart: G holds the
    squares of the norms. A gradient of 0 has no direction: its 1/n and cosines are 0.
    """
    norms = np.sqrt(np.diagonal(gramian), dtype=np.float64)
    inverse = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return norms, inverse, gramian * inverse * inverse[:, None]


def noise(gramian: np.ndarray) -> float:
    """The rounding in an eigenvalue of C: K times the epsilon of G's type."""
    return float(len(gramian) * np.finfo(gramian.dtype).eps)


def unit_gradients(gramian: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n ``[K]``, 1/n ``[K]`` and U ``[K, K]``: column k is g_k / n_k in other coordinates.

    U^T U = C plus the rounding on its diagonal; a column is 0 where n_k is. Lengths and angles
    are all that the methods look at. The addition keeps weights finite where gradients are
    opposite or dependent: without it they would fit the rounding, with weights up to 1e16.
    """
    norms, inverse, cosines = lengths(gramian)
    values, vectors = np.linalg.eigh(cosines)
    values = np.maximum(values, 0.0) + noise(gramian)
    units = np.sqrt(values)[:, None] * vectors.T
    units[:, norms == 0.0] = 0.0
    return norms, inverse, units


def shortest_to_1(units: np.ndarray, b: np.ndarray) -> np.ndarray:
    """x ``[K]`` >= 0 that minimises ||U x||^2 + (b x - 1)^2, exactly, by an active set."""
    target = np.zeros(len(units) + 1)
    target[-1] = 1.0
    return nnls(np.vstack([units, b]), target, maxiter=1000)[0]
