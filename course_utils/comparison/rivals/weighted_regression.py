"""Logistic regression for each scenario, in which rows of other scenarios count w, from 0 to 1.

Matches a truth that adds up, whose effects in the scenarios are close: w = 1 is one regression for
all, w = 0 one for each.

Source: Daumé III, Frustratingly Easy Domain Adaptation, ACL 2007,
https://arxiv.org/abs/0907.1815, its baseline ``weighted``
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.columns import Split
from course_utils.comparison.contender import Asked, Contender, PerTask, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.logistic import logistic_chances, main_effects
from course_utils.comparison.rivals.logistic_regression import STRENGTHS

NAME = "regression of weighted scenarios"

WEIGHTS = (0.0, 0.03, 0.1, 0.3, 1.0)


class Weighted(PerTask):
    """See above."""

    def __init__(self, name: str, strengths: Sequence[float], weights: Sequence[float]) -> None:
        super().__init__(name, {"C": strengths, "weight": weights})

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        train, table = split.train, getattr(split, asked)
        features, others = main_effects(train, table)
        inside, labels = train.mask(task), train.labels[task]
        said = np.empty(len(table))
        for code in np.unique(table.scenario):
            rows = table.scenario == code
            counts = np.where(train.scenario == code, 1.0, trial["weight"])
            learned = inside & (counts > 0)
            if not learned.any():
                said[rows] = labels[inside].mean()
                continue
            pair = features, others[rows]
            said[rows] = logistic_chances(labels, learned, pair, trial["C"], counts[learned])
        return said


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    return Weighted(NAME, STRENGTHS, WEIGHTS) if ground.scenarios > 1 else None
