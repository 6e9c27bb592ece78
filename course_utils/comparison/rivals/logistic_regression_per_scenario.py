"""Logistic regression with main effects for each scenario beside those of all.

    l = b_s + sum_c (w_c[x_c] + w_sc[x_c]) + sum_d (u_d + u_sd) x_d

Matches a truth that adds up, with effects of each scenario's own. The penalty decides how much a
scenario keeps of the common effects.

Source: Daumé III, Frustratingly Easy Domain Adaptation, ACL 2007, https://arxiv.org/abs/0907.1815
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.logistic import crossed_logistic_regression
from course_utils.comparison.rivals.logistic_regression import STRENGTHS

NAME = "logistic regression per scenario"


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    if ground.scenarios < 2:
        return None
    columns = ground.split.train.columns
    scenario = columns.scenario or "scenario"
    names = [one for one in (*columns.vocabulary, *columns.numbers) if one != scenario]
    return crossed_logistic_regression([(scenario, one) for one in names], STRENGTHS, name=NAME)
