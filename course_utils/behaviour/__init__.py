"""The challenge of user behaviour (lessons 14 and 16): randomised tests whose unit is a person."""

from course_utils.behaviour.experiments import (
    ASSIGNMENTS,
    random_assignments,
    ratio,
    ratio_difference,
)

__all__ = ["ASSIGNMENTS", "random_assignments", "ratio", "ratio_difference"]
