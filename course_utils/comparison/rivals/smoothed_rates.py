"""Logistic regression that reads the other tasks' rates: logit of (positives + m r) / (rows + m).

A rate is taken within each value of a column and within each pair of values, cross-fitted. Matches
a task whose effects are those of a more frequent task, value by value.

Source: Micci-Barreca, A Preprocessing Scheme for High-Cardinality Categorical Attributes, SIGKDD
Explorations 3, 2001, https://doi.org/10.1145/507533.507538
"""

from __future__ import annotations

from itertools import combinations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.rates import smoothed_rates

NAME = "smoothed rates of columns and pairs"


def contender(ground: Ground) -> Contender | None:
    """Where there are several tasks and a categorical column."""
    columns = list(ground.split.train.columns.vocabulary)
    if len(ground.tasks) < 2 or not columns:
        return None
    of: list[str | tuple[str, ...]] = [*columns, *combinations(columns, 2)]
    return smoothed_rates(of, (5.0, 20.0, 100.0), (0.003, 0.01, 0.03, 0.1, 0.3), name=NAME)
