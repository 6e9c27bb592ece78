"""DCN for each task: cross layers x_{l+1} = x_0 * (W x_l + b) + x_l below an MLP.

Matches products of few columns, the scenario among them.

Source: Wang et al., DCN V2, WWW 2021, https://arxiv.org/abs/2008.13535
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.networks import NetworkPerTask
from course_utils.comparison.space import network_space
from course_utils.models import DCN

NAME = "DCN per task"

CROSSES = (1, 2, 3, 4)


def contender(ground: Ground) -> Contender:
    """For every ground."""
    space = {**network_space(ground, alone=True), "crosses": CROSSES}
    return NetworkPerTask(NAME, space, scenario_column, DCN)
