"""The twin on numbers that are standardised within each scenario, with the scenario as a column.

Matches scenarios that differ in the scale of their numbers alone.

Source: as ``network_per_task``
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import standardised_within
from course_utils.comparison.networks import network_per_task
from course_utils.comparison.space import network_space

NAME = "standardised column network"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios and a number."""
    if ground.scenarios < 2 or not ground.numbers:
        return None
    return network_per_task(network_space(ground, alone=True), standardised_within, NAME)
