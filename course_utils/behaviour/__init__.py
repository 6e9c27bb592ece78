"""The challenge of user behaviour (lesson 14): randomised tests whose unit is a person."""

from course_utils.behaviour.experiments import COINS, coins, ratio, ratio_difference

__all__ = ["COINS", "coins", "ratio", "ratio_difference"]
