"""Logistic regression on every pair of columns, for all scenarios and for each.

    l = ... + sum_{c<c'} (w_cc'[x_c, x_c'] + w_scc'[x_c, x_c'])

Matches a truth of pairs that count otherwise in each scenario. It has a weight for each
combination that occurs, and so needs many rows a scenario.

Source: as ``logistic_regression_per_scenario``, on crossed columns
"""

from __future__ import annotations

from itertools import combinations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.logistic import crossed_logistic_regression
from course_utils.comparison.rivals.crossed_logistic_regression import STRENGTHS

NAME = "crossed logistic regression per scenario"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    if ground.scenarios < 2:
        return None
    columns = ground.split.train.columns
    scenario = columns.scenario or "scenario"
    names = [one for one in (*columns.vocabulary, *columns.numbers) if one != scenario]
    singles = [(scenario, one) for one in names]
    pairs = [*combinations(names, 2), *((one, one) for one in columns.numbers)]
    crosses = [*singles, *pairs, *((scenario, *pair) for pair in pairs)]
    return crossed_logistic_regression(crosses, STRENGTHS, name=NAME)
