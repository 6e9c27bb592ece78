"""Logistic regression on every pair of columns: l = ... + sum_{c<c'} w_cc'[x_c, x_c'].

Matches a truth of pairs, whatever each pair's table holds; it learns every cell of it from the
rows that fall into it, where a factorisation machine shares what it learns of a value.

Source: Cheng et al., Wide & Deep Learning for Recommender Systems, 2016,
https://arxiv.org/abs/1606.07792, its wide part
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.logistic import crossed_logistic_regression

NAME = "crossed logistic regression"

STRENGTHS = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


def contender(ground: Ground) -> Contender:
    """For every ground; the scenario is one of the columns."""
    return crossed_logistic_regression(strengths=STRENGTHS, name=NAME)
