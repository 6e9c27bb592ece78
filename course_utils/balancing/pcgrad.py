"""PCGrad: each task gives way to the tasks that it conflicts with."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator


class PCGrad(Aggregator):
    """d = sum_i g_i', where g_i' starts as g_i and meets the other tasks j in random order:

    if <g_i', g_j> < 0:  g_i' <- g_i' - <g_i', g_j> / ||g_j||^2  g_j

    g_j is the gradient as it came, not the projected one. The sum, as in the paper: about K
    times as long as the mean. Two tasks: no order, and twice UPGrad's direction.

    Does not end all conflict with three tasks or more: a later projection may undo an
    earlier one, the order matters, and d may still make a task worse.

    Paper: Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020,
    https://arxiv.org/abs/2001.06782
    """

    def __init__(self) -> None:
        self.reset(0, seed=0)

    def reset(self, n_tasks: int, seed: int) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        order = np.arange(len(gramian))
        return surgery(gramian, [self._random.permutation(order) for _ in order])


def surgery(gramian: np.ndarray, orders: list[np.ndarray]) -> np.ndarray:
    """The weights ``[K]`` when task i meets the others in the order ``orders[i]``."""
    products = gramian.tolist()  # plain numbers are faster than arrays of K
    total = np.zeros(len(products))
    for i, order in enumerate(orders):
        mine = [0.0] * len(products)  # g_i' = sum_k mine[k] g_k
        mine[i] = 1.0
        for j in order:
            product = sum(a * b for a, b in zip(mine, products[j], strict=True))
            if j != i and product < 0.0 < products[j][j]:
                mine[j] -= product / products[j][j]
        total += mine
    return total
