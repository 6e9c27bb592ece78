"""Logistic regression: l = b + sum_c w_c[x_c] + sum_d u_d x_d, with the scenario as a column.

Matches a truth that adds up: one effect a value of each column, the same in all scenarios.

Source: McMahan et al., Ad Click Prediction: a View from the Trenches, KDD 2013,
https://doi.org/10.1145/2487575.2488200
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.logistic import logistic_regression

NAME = "logistic regression"

STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""C: the inverse of the penalty."""


def contender(ground: Ground) -> Contender:
    """For every ground."""
    return logistic_regression(STRENGTHS, name=NAME)
