"""IMTL-G: the direction with equal shadows on all gradients."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.geometry import lengths, noise


class IMTLG(Aggregator):
    """d = sum_k w_k g_k with <d, g_k> / ||g_k|| = s, the same for all k, and sum_k w_k = 1.

    With b_k = w_k ||g_k|| and C = the cosines that is C b = s 1, sum_k b_k / ||g_k|| = 1:
    K + 1 linear equations in b and s. A task with gradient 0 gets weight 0.

    Does not promise descent: s can be negative, and then d makes every task worse. Weights
    can be negative and, near s = +-infinity, large.

    Where d = 0 is the only equal one (two opposite gradients, say) it is what comes out;
    torchjd 0.18 takes the pseudo-inverse of G, and its shadows are then not equal. IMTL-L,
    the paper's loss half, is not here.

    Paper: Liu et al., Towards Impartial Multi-task Learning, ICLR 2021,
    https://openreview.net/forum?id=IMPnRXEWpvr
    """

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        _, inverse, cosines = lengths(gramian)
        if not inverse.any():
            return np.zeros(len(inverse))
        inverse = inverse / inverse.max()  # keeps the equations of one size
        equations = np.zeros((len(inverse) + 1, len(inverse) + 1))
        equations[:-1, :-1] = cosines
        equations[:-1, -1] = np.where(inverse > 0, -1.0, 0.0)
        equations[-1, :-1] = inverse
        right = np.zeros(len(equations))
        right[-1] = 1.0
        solution = np.linalg.lstsq(equations, right, rcond=noise(gramian))[0]
        return solution[:-1] * inverse
