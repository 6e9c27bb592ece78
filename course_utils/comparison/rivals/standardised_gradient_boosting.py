"""Gradient boosting on numbers that are standardised within each scenario.

Matches scenarios that differ in the scale of their numbers alone, as prices in two currencies.

Source: as ``gradient_boosting``
"""

from __future__ import annotations

from course_utils.comparison.boosting import gradient_boosting
from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import standardised_within
from course_utils.comparison.rivals.gradient_boosting import GRID

NAME = "standardised gradient boosting"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios and a number."""
    if ground.scenarios < 2 or not ground.numbers:
        return None
    return gradient_boosting(GRID, standardised_within, NAME)
