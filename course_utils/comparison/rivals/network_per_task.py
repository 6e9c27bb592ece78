"""The twin: an MLP of its own for each task, on embeddings, with the scenario as a column.

Matches nothing by construction; it has whatever several layers learn from the task's own rows.

Source: Covington et al., Deep Neural Networks for YouTube Recommendations, RecSys 2016,
https://doi.org/10.1145/2959100.2959190
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.networks import network_per_task
from course_utils.comparison.space import network_space

NAME = "network per task"


def contender(ground: Ground) -> Contender:
    """For every ground."""
    return network_per_task(network_space(ground, alone=True), name=NAME)
