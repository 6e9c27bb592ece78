"""The twin that is not told the scenario: one function for all.

Matches scenarios that do not differ, where every weight of a scenario's own can only learn noise.

Source: as ``network_per_task``
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import as_given
from course_utils.comparison.networks import network_per_task
from course_utils.comparison.space import network_space

NAME = "network without the scenario"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    if ground.scenarios < 2:
        return None
    return network_per_task(network_space(ground, alone=True), as_given, NAME)
