"""CAGrad's two losses of two numbers: a valley, a cliff, and a line of compromises."""

from __future__ import annotations

import numpy as np

STARTS = ((-8.5, 7.5), (-8.5, -5.0), (9.0, 9.0))
"""Where the paper's paths begin, as its code has them."""

FLOOR = 5e-6


def losses(theta: np.ndarray) -> np.ndarray:
    """``[..., 2]``: both losses at the points ``theta [..., 2]``.

    Above the axis, x_2 > 0, each has a deep crack, |line - tanh| -> 0 under a logarithm; below,
    each is a bowl, and every compromise between both bottoms, (7, -8) and (-7, -8), is Pareto
    optimal:

        L_k = c_1 (ln max(|u_k|, 5e-6) + 6) + c_2 (((x_1 -+ 7)^2 + (x_2 + 8)^2 / 10) / 10 - 20)
        u_1 = (-x_1 - 7) / 2 + tanh x_2,        u_2 = (-x_1 + 3) / 2 - tanh x_2 + 2
        c_1 = max(tanh(x_2 / 2), 0),            c_2 = max(tanh(-x_2 / 2), 0)

    Paper: Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, NeurIPS 2021,
    https://arxiv.org/abs/2110.14048, figure 1 and its appendix; starts and signs as in the
    authors' code.
    """
    return _parts(np.asarray(theta, float))[0]


def gradients(theta: np.ndarray) -> np.ndarray:
    """``[..., 2, 2]``: a row for each loss at each point ``theta [..., 2]``."""
    return _parts(np.asarray(theta, float))[1]


def _parts(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = theta[..., 0], theta[..., 1]
    above, below = np.maximum(np.tanh(y / 2), 0.0), np.maximum(np.tanh(-y / 2), 0.0)
    d_above = np.where(y > 0, (1 - np.tanh(y / 2) ** 2) / 2, 0.0)
    d_below = np.where(y < 0, -(1 - np.tanh(y / 2) ** 2) / 2, 0.0)
    values, slopes = [], []
    for u, d_u, bottom in (
        ((-x - 7) / 2 + np.tanh(y), 1 - np.tanh(y) ** 2, 7.0),
        ((-x + 3) / 2 - np.tanh(y) + 2, np.tanh(y) ** 2 - 1, -7.0),
    ):
        crack = np.log(np.maximum(np.abs(u), FLOOR)) + 6
        bowl = ((x - bottom) ** 2 + 0.1 * (y + 8) ** 2) / 10 - 20
        inverse = np.where(np.abs(u) > FLOOR, 1 / np.where(u == 0, 1.0, u), 0.0)
        values.append(above * crack + below * bowl)
        along_x = -0.5 * above * inverse + below * (x - bottom) / 5
        along_y = above * inverse * d_u + d_above * crack
        along_y = along_y + below * 0.02 * (y + 8) + d_below * bowl
        slopes.append(np.stack([along_x, along_y], axis=-1))
    return np.stack(values, axis=-1), np.stack(slopes, axis=-2)
