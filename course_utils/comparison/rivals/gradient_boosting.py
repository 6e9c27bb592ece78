"""Gradient boosting: a sum of small trees, each grown on what the others leave.

Matches steps and thresholds, and products where few columns have few values; it cuts what goes
smoothly through many values into pieces.

Source: Friedman, Greedy Function Approximation, Annals of Statistics 29, 2001,
https://doi.org/10.1214/aos/1013203451; scikit-learn's histogram trees
"""

from __future__ import annotations

from course_utils.comparison.boosting import gradient_boosting
from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground

NAME = "gradient boosting"

GRID = {
    "learning_rate": (0.01, 0.03, 0.1, 0.3),
    "max_iter": (25, 50, 100, 200, 400, 800),
    "max_leaf_nodes": (2, 3, 7, 15, 31, 63),
    "min_samples_leaf": (1, 5, 20, 100, 300),
    "l2_regularization": (0.0, 3.0, 30.0, 300.0),
}


def contender(ground: Ground) -> Contender:
    """For every ground; the scenario is one of the columns."""
    return gradient_boosting(GRID, name=NAME)
