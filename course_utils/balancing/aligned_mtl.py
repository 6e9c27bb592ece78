"""Aligned-MTL: the gradients' principal components, all made as long as the shortest."""

from __future__ import annotations

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.geometry import noise


class AlignedMTL(Aggregator):
    """w = sqrt(l_min) V L^(-1/2) V^T (1 / K), with G = V L V^T, L = diag(l_1 ... l_K).

    Turns J into the nearest matrix with condition number 1 (times sqrt(l_min)), then takes
    the mean of its rows. l_min = the smallest eigenvalue that is not rounding; the directions
    of the others are dropped.

    Does not rule out conflict: the aligned gradients are orthogonal to each other, but d may
    still make a task worse by its own gradient. As long as the shortest component, d is
    short where two gradients are almost parallel or one is tiny, and jumps where a
    component sinks below rounding.

    Paper: Senushkin et al., Independent Component Alignment for Multi-Task Learning, CVPR
    2023, https://arxiv.org/abs/2305.19000
    """

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        mean = np.full(len(gramian), 1.0 / len(gramian))
        scale = np.trace(gramian, dtype=np.float64)
        if scale == 0.0:
            return mean
        values, vectors = np.linalg.eigh(gramian / scale)
        kept = values > noise(gramian) * values[-1]
        values, vectors = values[kept], vectors[:, kept]
        return vectors @ (np.sqrt(values[0] / values) * (mean @ vectors))
