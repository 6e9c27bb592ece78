"""MGDA: the shortest vector between the gradients."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.geometry import shortest_to_1, unit_gradients


class MGDA(Aggregator):
    """d = sum_k w_k g_k, w minimises ||sum_k w_k g_k||^2 over w >= 0, sum w = 1.

    Proven: <g_k, d> >= ||d||^2 for every k, so to first order no task's loss on this batch
    rises; a step of some length, and other rows, are not covered. d = 0 exactly where the point
    is Pareto-stationary. Weights lie in [0, 1].

    Does not find "the" Pareto optimum: it stops at the first stationary point it meets, and
    it favours the short gradient (orthogonal, norms 10 and 1: weights 0.0099 and 0.9901).
    One task with gradient 0 stops all.

    Exact, by an active set. torchjd 0.18 stops Frank-Wolfe (Sener and Koltun's algorithm 2)
    after 100 steps or at a step below 1e-3; its d is longer.

    Paper: Desideri, Multiple-gradient descent algorithm (MGDA) for multiobjective
    optimization, Comptes Rendus Mathematique 350, 2012,
    https://doi.org/10.1016/j.crma.2012.03.014; for networks Sener and Koltun, Multi-Task
    Learning as Multi-Objective Optimization, NeurIPS 2018, https://arxiv.org/abs/1810.04650
    """

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        norms, _, units = unit_gradients(gramian)
        return shortest(norms, units)


def shortest(norms: np.ndarray, units: np.ndarray) -> np.ndarray:
    """The weights of the shortest vector between the gradients norms_k * (column k)."""
    if norms.min() == 0.0:
        return (norms == 0.0) / np.count_nonzero(norms == 0.0)
    # b x is the sum of the weights but for a factor. For given shares the best size of x
    # leaves q / (1 + q), with q = ||U x||^2 at b x = 1. It grows with q, so the best shares
    # are those of the shortest vector.
    b = norms.min() / norms
    x = shortest_to_1(units, b)
    return x * b / (b @ x)
