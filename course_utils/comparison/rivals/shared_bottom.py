"""Shared-Bottom: one trunk for all tasks, a linear head each, weights of the losses tuned.

Matches tasks that are mixtures of the same hidden features. The scenario is a column.

Source: Caruana, Multitask Learning, Machine Learning 28, 1997,
https://doi.org/10.1023/A:1007379606734
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.networks import shared_bottom
from course_utils.comparison.space import network_space

NAME = "Shared-Bottom"


def contender(ground: Ground) -> Contender | None:
    """Where there are several tasks; with one it is the twin."""
    return shared_bottom(network_space(ground), name=NAME) if len(ground.tasks) > 1 else None
