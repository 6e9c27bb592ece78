"""UPGrad: each gradient goes to the nearest direction that harms no task."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.geometry import unit_gradients


class UPGrad(Aggregator):
    """d = (1 / K) sum_k pi(g_k), pi = the projection on the dual cone {d: J d >= 0}.

    pi(g_k) = J^T v, where v minimises v^T G v over v >= e_k (e_k = row k of the identity).

    Proven: <g_k, d> >= 0 for every k; twice as long a g_k counts twice; without conflict d
    is the mean. Weights are >= 1 / K.

    Does not equalise scales: a long gradient still counts for more. Does not stop at every
    Pareto-stationary point, only where some positive weights make sum_k w_k g_k = 0.

    torchjd 0.18 adds 1e-4 to the diagonal of G / trace(G) and takes a trace below 1e-4 for
    0; here only the rounding is added, to the cosines, and the scale does not matter.

    Paper: Quinton and Rey, Jacobian Descent for Multi-Objective Optimization, 2024,
    https://arxiv.org/abs/2406.16232
    """

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        norms, inverse, units = unit_gradients(gramian)
        # v = e_k + x, x >= 0, in units of the gradients' lengths: min ||u_k + U x||.
        pushes = [nnls(units, -u, maxiter=1000)[0] for u in units.T]
        return (1.0 + inverse * (norms @ np.array(pushes))) / len(norms)
