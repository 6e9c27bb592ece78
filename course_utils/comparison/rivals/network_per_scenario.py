"""A twin for each task in each scenario: nothing is shared at all.

Matches scenarios that have nothing in common, and many rows each.

Source: the baseline of Sheng et al., One Model to Serve All, CIKM 2021,
https://arxiv.org/abs/2101.11427
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import standardised_within
from course_utils.comparison.networks import NetworkPerScenario
from course_utils.comparison.space import network_space

NAME = "network per scenario"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    if ground.scenarios < 2:
        return None
    return NetworkPerScenario(NAME, network_space(ground, alone=True), standardised_within)
