"""Logistic regression on the selected rows, each weighed by one over its chance of selection.

Matches a truth that adds up where what is learned from clicked rows is judged on all. Weights
change what is learned only if the model is too simple for the truth.

Source: Schnabel et al., Recommendations as Treatments, ICML 2016,
https://arxiv.org/abs/1602.05352
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.propensity import inverse_propensity
from course_utils.comparison.rivals.logistic_regression import STRENGTHS

NAME = "logistic regression with inverse propensities"


def contender(ground: Ground) -> Contender | None:
    """Where labels exist on selected rows alone."""
    return inverse_propensity(strengths=STRENGTHS, name=NAME) if ground.selected else None
