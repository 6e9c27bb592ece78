"""Stacking: Shared-Bottom on all tasks, then a logistic regression on columns and all its logits.

Matches a task that follows other tasks' scores, here more than there: each logit is crossed with
each column. The network is regularised as any other.

Source: Wolpert, Stacked Generalization, Neural Networks 5, 1992,
https://doi.org/10.1016/S0893-6080(05)80023-1
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.space import network_space
from course_utils.comparison.stacking import stacking

NAME = "stacking"

STRENGTHS = (3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3)


def contender(ground: Ground) -> Contender | None:
    """Where there are several tasks."""
    if len(ground.tasks) < 2:
        return None
    return stacking(network_space(ground), STRENGTHS, name=NAME)
