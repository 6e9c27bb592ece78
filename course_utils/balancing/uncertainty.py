"""Uncertainty weighting: each task's noise is learned with the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.weighting import Weighting
from course_utils.errors import CourseError

FACTORS = {"classification": 1.0, "regression": 0.5}


class Uncertainty(Weighting):
    """L = sum_k f_k e^(-s_k) L_k + s_k / 2, with f = 1 (classification) or 1/2 (regression).

    s_k = log sigma_k^2, not sigma and not log sigma; it starts at 0 and the optimizer of the
    network learns it. ``current`` gives f_k e^(-s_k). While L_k stands still, s_k goes to
    log(2 f_k L_k) and the weight to 1 / (2 L_k) for both kinds.

    s may fall below 0 and L too: a clamp at 0 would hold the weight of every task whose loss is
    under 1 / (2 f_k), which is 0.5 for classification and 1 for regression.

    Does not know what matters and does not see conflict: it makes all losses the same size.

    Paper: Kendall, Gal and Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses for
    Scene Geometry and Semantics, CVPR 2018, https://arxiv.org/abs/1705.07115

    Args:
        kinds: per task "classification" or "regression"; None for all classification.
    """

    learned = ("log_variance",)

    def __init__(self, kinds: Sequence[str] | None = None) -> None:
        self.kinds = None if kinds is None else tuple(kinds)
        for kind in self.kinds or ():
            if kind not in FACTORS:
                raise CourseError(f"A task is one of {', '.join(FACTORS)}, got {kind!r}.")

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        kinds = self.kinds or ("classification",) * n_tasks
        if len(kinds) != n_tasks:
            raise CourseError(f"There are {n_tasks} tasks, but {len(kinds)} kinds: give one each.")
        self.factors = np.array([FACTORS[kind] for kind in kinds], np.float32)
        return {"log_variance": np.zeros(n_tasks, np.float32)}

    def total(self, losses: Any) -> Any:
        s = self.state["log_variance"]
        return tf.reduce_sum(self.factors * tf.exp(-s) * losses + s / 2.0)

    def current(self) -> np.ndarray:
        return self.factors * np.exp(-self.state["log_variance"].numpy())
