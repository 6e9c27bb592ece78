"""Direction: who wants the worst market to be served puts the worst loss into the objective.

    L = t log sum_k exp(L_k / t)

is a smooth maximum of the losses: its gradient weighs task k by the softmax of L_k / t. At t = 0 it
is the largest loss alone, for a large t the plain sum (up to a constant). One backward pass.

Papers: Lin et al., Smooth Tchebycheff Scalarization for Multi-Objective Optimization, ICML 2024,
https://arxiv.org/abs/2402.19078; for groups of rows: Sagawa et al., Distributionally Robust Neural
Networks for Group Shifts, ICLR 2020, https://arxiv.org/abs/1911.08731

Why it should beat MGDA: MGDA asks that no task gets worse, the judge asks for the worst one. IMTL-G
is the one aggregator of the course that, like MGDA, does not follow the longest gradients.

A choice of t by the mean loss would choose for the majority, as with the fixed weights. t was
chosen by the worst market on search seeds (benchmarks/when_rivals.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.weighting import Weighting, ones
from course_utils.columns import Split
from course_utils.comparison import Contender, network
from course_utils.models import SharedBottom
from course_utils.regimes import direction
from course_utils.regimes.direction import contenders as first_contenders

NAME = direction.NAME

TEMPERATURE = 0.02
"""t."""


class SmoothMaximum(Weighting):
    """L = t log sum_k exp(L_k / t), t above 0."""

    def __init__(self, temperature: float = TEMPERATURE) -> None:
        self.temperature = temperature

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        return {"weights": ones(n_tasks)}

    def total(self, losses: Any) -> Any:
        return self.temperature * tf.reduce_logsumexp(losses / self.temperature)


def contenders(split: Split, width: float, **dials: float) -> list[Contender]:
    """Those of the family, IMTL-G and the smooth maximum, with the same training."""
    known = first_contenders(split, width=width, **dials)
    grid = known[0].grid
    return [
        *known,
        network("IMTL-G", SharedBottom, grid, balance=IMTLG),
        network("smooth maximum", SharedBottom, grid, balance=SmoothMaximum),
    ]


DIAGRAM = replace(direction.DIAGRAM, contenders=contenders)
