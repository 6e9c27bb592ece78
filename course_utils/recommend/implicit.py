"""Matrix factorisation of what was taken: no stars, only yes and not yet."""

from __future__ import annotations

import numpy as np
from scipy import sparse


class ImplicitALS:
    """Alternating least squares for implicit feedback (Hu, Koren and Volinsky 2008).

    With c = 1 + alpha for a pair that was taken and 1 for all others, and p = 1 or 0,

        minimise  sum over all pairs of c (p - x_u . y_i)^2 + reg (sum |x_u|^2 + sum |y_i|^2)

    Each half step is exact: x_u = (Y'C_u Y + reg I)^-1 Y'C_u p_u, and the same for y_i.

    Args:
        n_factors: length of x_u and y_i.
        alpha: how much more a pair that was taken counts than one that was not.
        reg: pull towards zero.
        n_sweeps: how often both sides are solved.
        seed: of the start.

    Attributes:
        users: x, shape (users, n_factors); products: y, shape (products, n_factors).
    """

    def __init__(
        self, n_factors: int, alpha: float, reg: float, n_sweeps: int = 8, seed: int = 0
    ) -> None:
        self.n_factors = n_factors
        self.alpha = alpha
        self.reg = reg
        self.n_sweeps = n_sweeps
        self.seed = seed

    def fit(self, taken: np.ndarray) -> ImplicitALS:
        """Factorise.

        Args:
            taken: booleans, shape (users, products).
        """
        draw = np.random.default_rng(self.seed)
        self.products = draw.normal(scale=0.1, size=(taken.shape[1], self.n_factors))
        yes = sparse.csr_matrix(taken, dtype=float)
        for _ in range(self.n_sweeps):
            self.users = self.solve(self.products, yes)
            self.products = self.solve(self.users, yes.T)
        return self

    def solve(self, fixed: np.ndarray, yes: np.ndarray | sparse.csr_matrix) -> np.ndarray:
        """One side, exactly, while the other stands still.

        Args:
            fixed: factors of the other side, shape (n, n_factors).
            yes: 0.0 or 1.0, shape (m, n), dense or sparse: what each of this side took.

        Returns:
            Shape (m, n_factors).
        """
        f = self.n_factors
        outer = (fixed[:, :, None] * fixed[:, None, :]).reshape(-1, f * f)
        yes = sparse.csr_matrix(yes)  # few pairs are taken: the others cost nothing
        # Y'C_u Y = Y'Y + alpha times the outer products of what was taken.
        left = fixed.T @ fixed + self.reg * np.eye(f) + self.alpha * (yes @ outer).reshape(-1, f, f)
        right = (1.0 + self.alpha) * (yes @ fixed)
        return np.linalg.solve(left, right[:, :, None])[:, :, 0]

    def scores(self) -> np.ndarray:
        """x_u . y_i for all pairs, shape (users, products)."""
        return self.users @ self.products.T
