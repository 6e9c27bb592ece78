"""What was taken ranks above what was not: matrix factorisation learnt from pairs of products."""

from __future__ import annotations

import numpy as np


class ImplicitBPR:
    """Bayesian personalised ranking with factors (Rendle, Freudenthaler, Gantner,
    Schmidt-Thieme 2009, BPR-Opt and LearnBPR).

    For a user u who took i and not j, with d = x_u . (y_i - y_j),

        minimise  sum of -ln sigma(d) + reg / 2 (|x_u|^2 + |y_i|^2 + |y_j|^2)

    by gradient steps. j is drawn uniformly for each pair of each epoch; where the draw was taken
    too, the pair rests in that epoch. Steps go in batches: all of a batch from the same values,
    added up.

    Args:
        n_factors: length of x_u and y_i.
        lr: the step.
        reg: pull towards zero.
        n_epochs: passes over what was taken.
        batch: pairs a step, 1 or more; with 1 they go one by one, as in the paper.
        seed: of start, order and draws.

    Attributes:
        users: x, shape (users, n_factors); products: y, shape (products, n_factors).
    """

    def __init__(
        self,
        n_factors: int,
        lr: float,
        reg: float,
        n_epochs: int,
        batch: int = 500,
        seed: int = 0,
    ) -> None:
        self.n_factors = n_factors
        self.lr = lr
        self.reg = reg
        self.n_epochs = n_epochs
        self.batch = batch
        self.seed = seed

    def fit(self, taken: np.ndarray) -> ImplicitBPR:
        """Factorise.

        Args:
            taken: booleans, shape (users, products).
        """
        draw = np.random.default_rng(self.seed)
        n_users, n_products = taken.shape
        self.users = draw.normal(scale=0.1, size=(n_users, self.n_factors))
        self.products = draw.normal(scale=0.1, size=(n_products, self.n_factors))
        who, what = np.nonzero(taken)
        for _ in range(self.n_epochs):
            order = draw.permutation(len(who))
            for at in range(0, len(who), self.batch):
                rows = order[at : at + self.batch]
                u, i, j = who[rows], what[rows], draw.integers(n_products, size=len(rows))
                new = ~taken[u, j]
                self._step(u[new], i[new], j[new])
        return self

    def _step(self, u: np.ndarray, i: np.ndarray, j: np.ndarray) -> None:
        """Move along the gradients of so many triples, all taken at the same values."""
        x, yi, yj = self.users[u], self.products[i], self.products[j]
        pull = 1 / (1 + np.exp(((yi - yj) * x).sum(axis=1)))[:, None]  # sigma(-d)
        np.add.at(self.users, u, self.lr * (pull * (yi - yj) - self.reg * x))
        np.add.at(self.products, i, self.lr * (pull * x - self.reg * yi))
        np.add.at(self.products, j, self.lr * (-pull * x - self.reg * yj))

    def scores(self) -> np.ndarray:
        """x_u . y_i for all pairs, shape (users, products)."""
        return self.users @ self.products.T
